using Sage.Did;
using Sage.Session;

namespace Sage.Tests.Contracts;

/// <summary>A store of sessions in memory: several listeners of one process share it, as nodes share a database.</summary>
internal sealed class MemorySessionStore(TimeProvider timeProvider, int capacity = 1000, int capacityPerPeer = 1000) : ISessionStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, StoredSession> sessions = new(StringComparer.Ordinal);

    /// <summary>How many sessions are kept, with those that expired and were not removed.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return sessions.Count;
            }
        }
    }

    public ValueTask<SessionStoreResult> TryAddAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            StoredSession[] others = [.. sessions.Values.Where(other => other.Id != session.Id && IsThere(other))];
            SessionStoreResult result = IsThere(sessions.GetValueOrDefault(session.Id)) ? SessionStoreResult.Duplicate
                : others.Length >= capacity || others.Count(other => other.Peer == session.Peer) >= capacityPerPeer ? SessionStoreResult.Full
                : SessionStoreResult.Added;
            if (result == SessionStoreResult.Added)
            {
                sessions[session.Id] = session;
            }

            return ValueTask.FromResult(result);
        }
    }

    public ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            StoredSession? session = sessions.GetValueOrDefault(id);
            return ValueTask.FromResult(IsThere(session) ? session : null);
        }
    }

    public ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            bool replaces = sessions.GetValueOrDefault(session.Id) is { } kept && IsThere(kept) && kept.Version == session.Version - 1;
            if (replaces)
            {
                sessions[session.Id] = session;
            }

            return ValueTask.FromResult(replaces);
        }
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return ValueTask.FromResult(sessions.Remove(id, out StoredSession? session) && IsThere(session));
        }
    }

    public ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>(
                [.. sessions.Values.Where(session => session.Peer == peer && IsThere(session)).Select(session => session.Id)]);
        }
    }

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            string[] expired =
            [
                .. sessions.Values.Where(session => !IsThere(session)).OrderBy(session => session.ExpiresAt).Take(most).Select(session => session.Id),
            ];
            foreach (string id in expired)
            {
                sessions.Remove(id);
            }

            return ValueTask.FromResult(expired.Length);
        }
    }

    private bool IsThere(StoredSession? session) => session is not null && timeProvider.GetUtcNow() < session.ExpiresAt;
}
