using Microsoft.Data.Sqlite;
using Sage.Databases;
using Sage.Did;
using Sage.Session;

namespace Sage.Sqlite.Internal;

/// <summary>Sessions in a table; an update replaces the version before it or nothing.</summary>
internal sealed class SqliteSessionStore(SqliteLink link, SqliteDatabaseOptions options, TimeProvider timeProvider) : ISessionStore
{
    private readonly Sweep sweep = new();

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask<SessionStoreResult> TryAddAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (sweep.IsDue())
        {
            await RemoveExpiredAsync(Sweep.BatchSize, cancellationToken).ConfigureAwait(false);
        }

        return await link.WriteAsync("add_session", connection => Add(connection, session), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default) => SessionIds.IsPossible(id)
        ? link.ReadAsync("find_session", connection => Find(connection, id), cancellationToken)
        : ValueTask.FromResult<StoredSession?>(null);

    public ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return link.WriteAsync("update_session", connection => connection.Execute(
            """
            UPDATE sage_sessions SET version = $version, expires_at = $expires_at, state = $state
            WHERE id = $id AND peer = $peer AND version = $version - 1 AND expires_at > $now
            """,
            [.. Parameters(session), ("$now", Now)]) == 1, cancellationToken);
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => SessionIds.IsPossible(id)
        ? link.WriteAsync("remove_session", connection => Remove(connection, id), cancellationToken)
        : ValueTask.FromResult(false);

    public ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default) =>
        link.ReadAsync<IReadOnlyList<string>>("find_sessions_of_peer", connection => FindByPeer(connection, peer.Value), cancellationToken);

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        return link.WriteAsync("remove_expired_sessions", connection => RemoveExpired(connection, Now, most), cancellationToken);
    }

    private static (string, object)[] Parameters(StoredSession session) =>
    [
        ("$id", session.Id), ("$peer", session.Peer.Value), ("$version", session.Version), ("$expires_at", session.ExpiresAt.ToUnixTimeMilliseconds()),
        ("$state", session.State.ToArray()),
    ];

    private static int RemoveExpired(SqliteConnection connection, long now, int most) => connection.Execute(
        "DELETE FROM sage_sessions WHERE id IN (SELECT id FROM sage_sessions WHERE expires_at <= $now ORDER BY expires_at LIMIT $most)", ("$now", now), ("$most", most));

    private SessionStoreResult Add(SqliteConnection connection, StoredSession session)
    {
        long now = Now;
        if (connection.Number("SELECT expires_at FROM sage_sessions WHERE id = $id", ("$id", session.Id)) is { } end)
        {
            if (end > now)
            {
                return SessionStoreResult.Duplicate;
            }

            connection.Execute("DELETE FROM sage_sessions WHERE id = $id", ("$id", session.Id));
        }

        if (!HasRoom(connection, session.Peer) && (RemoveExpired(connection, now, Sweep.BatchSize) == 0 || !HasRoom(connection, session.Peer)))
        {
            return SessionStoreResult.Full;
        }

        connection.Execute(
            "INSERT INTO sage_sessions (id, peer, version, expires_at, state) VALUES ($id, $peer, $version, $expires_at, $state)", Parameters(session));
        return SessionStoreResult.Added;
    }

    private bool HasRoom(SqliteConnection connection, AgentDid peer) =>
        connection.Number("SELECT live FROM sage_totals WHERE name = 'sessions'") < options.SessionCapacity
        && (connection.Number("SELECT live FROM sage_session_peers WHERE peer = $peer", ("$peer", peer.Value)) ?? 0) < options.SessionCapacityPerPeer;

    private StoredSession? Find(SqliteConnection connection, string id)
    {
        using SqliteCommand command = connection.Command(
            "SELECT peer, version, expires_at, state FROM sage_sessions WHERE id = $id AND expires_at > $now", ("$id", id), ("$now", Now));
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read()
            ? new StoredSession(
                id, AgentDid.Parse(reader.GetString(0)), reader.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetFieldValue<byte[]>(3))
            : null;
    }

    private bool Remove(SqliteConnection connection, string id)
    {
        bool isThere = connection.Number("SELECT expires_at FROM sage_sessions WHERE id = $id", ("$id", id)) > Now;
        connection.Execute("DELETE FROM sage_sessions WHERE id = $id", ("$id", id));
        return isThere;
    }

    private List<string> FindByPeer(SqliteConnection connection, string peer)
    {
        using SqliteCommand command = connection.Command("SELECT id FROM sage_sessions WHERE peer = $peer AND expires_at > $now", ("$peer", peer), ("$now", Now));
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> ids = [];
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
