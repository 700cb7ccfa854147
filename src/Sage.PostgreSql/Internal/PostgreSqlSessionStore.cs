using Npgsql;
using Sage.Databases;
using Sage.Did;
using Sage.Session;
using static Sage.PostgreSql.Internal.PostgreSqlLink;

namespace Sage.PostgreSql.Internal;

/// <summary>Sessions in a table; an update replaces the version before it or nothing.</summary>
internal sealed class PostgreSqlSessionStore(PostgreSqlLink link, PostgreSqlDatabaseOptions options, TimeProvider timeProvider) : ISessionStore
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

        SessionStoreResult result = await AddAsync(session, cancellationToken).ConfigureAwait(false);
        bool mayHaveRoom = result == SessionStoreResult.Full && await RemoveExpiredAsync(Sweep.BatchSize, cancellationToken).ConfigureAwait(false) > 0;
        return mayHaveRoom ? await AddAsync(session, cancellationToken).ConfigureAwait(false) : result;
    }

    public ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default) => SessionIds.IsPossible(id)
        ? link.RunAsync("find_session", (connection, token) => FindAsync(connection, id, token), cancellationToken)
        : ValueTask.FromResult<StoredSession?>(null);

    public async ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await link.ExecuteAsync(
            "update_session",
            "UPDATE sage_sessions SET version = $3, expires_at = $4, state = $5 WHERE id = $1 AND peer = $2 AND version = $3 - 1 AND expires_at > $6",
            cancellationToken, [.. Parameters(session), Value(Now)]).ConfigureAwait(false) == 1;
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => SessionIds.IsPossible(id)
        ? link.ScalarAsync<bool>(
            "remove_session",
            "WITH removed AS (DELETE FROM sage_sessions WHERE id = $1 RETURNING expires_at) SELECT EXISTS (SELECT FROM removed WHERE expires_at > $2)",
            cancellationToken, Value(id), Value(Now))
        : ValueTask.FromResult(false);

    public ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default) =>
        link.RunAsync("find_sessions_of_peer", (connection, token) => FindByPeerAsync(connection, peer.Value, token), cancellationToken);

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        return link.ScalarAsync<int>("remove_expired_sessions", "SELECT sage_remove_expired_sessions($1, $2)", cancellationToken, Value(Now), Value(most));
    }

    private static NpgsqlParameter[] Parameters(StoredSession session) =>
    [
        Value(session.Id), Value(session.Peer.Value), Value(session.Version), Value(session.ExpiresAt.ToUnixTimeMilliseconds()), Value(session.State),
    ];

    private async ValueTask<SessionStoreResult> AddAsync(StoredSession session, CancellationToken cancellationToken)
    {
        short result = await link.ScalarAsync<short>(
            "add_session", "SELECT sage_add_session($1, $2, $3, $4, $5, $6, $7, $8)", cancellationToken,
            [.. Parameters(session), Value(Now), Value(options.SessionCapacityPerPeer), Value(options.SessionCapacity)]).ConfigureAwait(false);
        return result switch
        {
            1 => SessionStoreResult.Added,
            2 => SessionStoreResult.Duplicate,
            _ => SessionStoreResult.Full,
        };
    }

    private async Task<StoredSession?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = Command(
            connection, "SELECT peer, version, expires_at, state FROM sage_sessions WHERE id = $1 AND expires_at > $2", Value(id), Value(Now));
        using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new StoredSession(
                id, AgentDid.Parse(reader.GetString(0)), reader.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetFieldValue<byte[]>(3))
            : null;
    }

    private async Task<IReadOnlyList<string>> FindByPeerAsync(NpgsqlConnection connection, string peer, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = Command(connection, "SELECT id FROM sage_sessions WHERE peer = $1 AND expires_at > $2", Value(peer), Value(Now));
        using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<string> ids = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
