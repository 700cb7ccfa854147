using Sage.Did;

namespace Sage.Session.Tests.Endpoints;

/// <summary>A store in memory that shows what was written, fails on demand, before or after it wrote, and can be put back.</summary>
internal sealed class TestSessionStore(ISessionStore inner) : ISessionStore
{
    private readonly List<StoredSession> written = [];

    /// <summary>Thrown by every call, before it does anything.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by an update after it was written, as when a connection breaks before the answer.</summary>
    public Exception? FailureAfterUpdate { get; set; }

    /// <summary>Runs before an update is written.</summary>
    public Func<StoredSession, Task>? OnUpdate { get; set; }

    /// <summary>Changes what is found, as who can write the database may.</summary>
    public Func<StoredSession?, StoredSession?>? OnFound { get; set; }

    public IReadOnlyList<StoredSession> Written
    {
        get
        {
            lock (written)
            {
                return [.. written];
            }
        }
    }

    public async ValueTask<SessionStoreResult> TryAddAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        Check();
        Note(session);
        return await inner.TryAddAsync(session, cancellationToken);
    }

    public async ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        Check();
        StoredSession? found = await inner.FindAsync(id, cancellationToken);
        return OnFound is { } onFound ? onFound(found) : found;
    }

    public async ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        Check();
        if (OnUpdate is { } onUpdate)
        {
            await onUpdate(session);
        }

        Note(session);
        bool updated = await inner.TryUpdateAsync(session, cancellationToken);
        return FailureAfterUpdate is { } failure ? throw failure : updated;
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        Check();
        return inner.RemoveAsync(id, cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default)
    {
        Check();
        return inner.FindByPeerAsync(peer, cancellationToken);
    }

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default)
    {
        Check();
        return inner.RemoveExpiredAsync(most, cancellationToken);
    }

    private void Check()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private void Note(StoredSession session)
    {
        lock (written)
        {
            written.Add(session);
        }
    }
}
