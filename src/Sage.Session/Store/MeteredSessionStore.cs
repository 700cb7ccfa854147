using Sage.Did;

namespace Sage.Session;

/// <summary>Measures what a store is asked.</summary>
internal sealed class MeteredSessionStore(ISessionStore store, SessionInstruments instruments, TimeProvider timeProvider) : ISessionStore
{
    public ValueTask<SessionStoreResult> TryAddAsync(StoredSession session, CancellationToken cancellationToken = default) =>
        MeasureAsync("add", () => store.TryAddAsync(session, cancellationToken));

    public ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        MeasureAsync("find", () => store.FindAsync(id, cancellationToken));

    public ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default) =>
        MeasureAsync("update", () => store.TryUpdateAsync(session, cancellationToken));

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) =>
        MeasureAsync("remove", () => store.RemoveAsync(id, cancellationToken));

    public ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default) =>
        MeasureAsync("find_by_peer", () => store.FindByPeerAsync(peer, cancellationToken));

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default) =>
        MeasureAsync("remove_expired", () => store.RemoveExpiredAsync(most, cancellationToken));

    private async ValueTask<T> MeasureAsync<T>(string operation, Func<ValueTask<T>> call)
    {
        long started = timeProvider.GetTimestamp();
        string? errorType = "failed";
        try
        {
            T result = await call().ConfigureAwait(false);
            errorType = null;
            return result;
        }
        catch (OperationCanceledException)
        {
            errorType = "cancelled";
            throw;
        }
        finally
        {
            instruments.StoreCalled(operation, timeProvider.GetElapsedTime(started), errorType);
        }
    }
}
