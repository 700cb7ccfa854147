using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>The log of the registry client: event ids 7100 to 7199.</summary>
internal static partial class RegistryLog
{
    [LoggerMessage(7100, LogLevel.Warning, "Endpoint {Endpoint} of {Endpoints} did not answer for {Did}: {Reason}")]
    public static partial void EndpointFailed(ILogger logger, int endpoint, int endpoints, AgentDid did, string reason);

    [LoggerMessage(7110, LogLevel.Information, "Endpoint {Endpoint} of {Endpoints} for chain {ChainId} is watched from block {Block}")]
    public static partial void Watching(ILogger logger, int endpoint, int endpoints, ulong chainId, ulong block);

    [LoggerMessage(7111, LogLevel.Warning, "Endpoint {Endpoint} of {Endpoints} for chain {ChainId} cannot be watched: {Reason}")]
    public static partial void WatchFailed(ILogger logger, int endpoint, int endpoints, ulong chainId, string reason);

    [LoggerMessage(7112, LogLevel.Error, "Endpoint {Endpoint} of {Endpoints} for chain {ChainId} has not been seen for {Seconds} s, longer than answers are remembered; it adds nothing to the freshness of revocations")]
    public static partial void WatchBlind(ILogger logger, int endpoint, int endpoints, ulong chainId, long seconds);

    [LoggerMessage(7113, LogLevel.Debug, "{Did} may have changed on the chain")]
    public static partial void AgentChanged(ILogger logger, AgentDid did);

    [LoggerMessage(7114, LogLevel.Debug, "Any agent of chain {ChainId} may have changed by block {Block}: nothing is remembered any more")]
    public static partial void CacheCleared(ILogger logger, ulong chainId, ulong block);
}
