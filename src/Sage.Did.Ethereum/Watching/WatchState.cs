using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>Whether an endpoint is being seen, for the log and the gauge. One thread writes; any may read the age.</summary>
internal sealed class WatchState(ulong chainId, int endpoint, int endpoints, TimeProvider timeProvider, ILogger logger)
{
    private const int MaxFailures = 1_000_000;

    private long lastSeen = timeProvider.GetTimestamp();
    private bool isWatched;
    private bool isBlind;

    public ulong ChainId => chainId;

    public int Endpoint => endpoint;

    /// <summary>How long ago the endpoint was last seen, or was first asked.</summary>
    public TimeSpan Age => timeProvider.GetElapsedTime(Volatile.Read(ref lastSeen));

    /// <summary>How many polls have failed in a row.</summary>
    public int Failures { get; private set; }

    public void Saw(ulong head)
    {
        Volatile.Write(ref lastSeen, timeProvider.GetTimestamp());
        if (!isWatched)
        {
            RegistryLog.Watching(logger, endpoint, endpoints, chainId, head);
        }

        isWatched = true;
        isBlind = false;
        Failures = 0;
    }

    public void Failed(Exception exception, TimeSpan cacheAge)
    {
        if (Failures == 0)
        {
            // Only our own exceptions are known to hold no URL.
            RegistryLog.WatchFailed(logger, endpoint, endpoints, chainId, exception switch
            {
                EthereumRpcException => exception.Message,
                OperationCanceledException => "It did not answer in time.",
                _ => exception.GetType().Name,
            });
        }

        if (!isBlind && Age > cacheAge)
        {
            RegistryLog.WatchBlind(logger, endpoint, endpoints, chainId, (long)Age.TotalSeconds);
            isBlind = true;
        }

        isWatched = false;
        Failures = Math.Min(Failures + 1, MaxFailures);
    }
}
