using Sage.Did;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Has sessions looked at again when a change of their peer is reported, until the container is disposed: the place where changes are
/// reported may live longer.
/// </summary>
internal sealed class Rechecks(DidChanges? changes = null) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<IDisposable> subscriptions = [];

    /// <param name="recheck">Looks at the sessions of a peer; without any it must cost nothing.</param>
    public void Connect(Func<AgentDid, CancellationToken, ValueTask> recheck)
    {
        CancellationToken stopped = stopping.Token;
        if (changes?.Subscribe(did => _ = RecheckAsync(recheck, did, stopped)) is { } subscription)
        {
            lock (gate)
            {
                subscriptions.Add(subscription);
            }
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        lock (gate)
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
        }

        stopping.Dispose();
    }

    private static async Task RecheckAsync(Func<AgentDid, CancellationToken, ValueTask> recheck, AgentDid did, CancellationToken cancellationToken)
    {
        try
        {
            await recheck(did, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The container is gone, and its sessions with it.
        }
    }
}
