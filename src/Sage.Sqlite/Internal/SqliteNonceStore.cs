using Microsoft.Data.Sqlite;
using Sage.Crypto;
using Sage.Databases;

namespace Sage.Sqlite.Internal;

/// <summary>Nonces in a table, checked and inserted in one transaction of the only writer.</summary>
internal sealed class SqliteNonceStore(SqliteLink link, SqliteDatabaseOptions options, TimeProvider timeProvider) : INonceStore
{
    private readonly Sweep sweep = new();

    public async ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        NonceKey key = new(scope, nonce);
        if (sweep.IsDue())
        {
            await RemoveExpiredAsync(Sweep.BatchSize, cancellationToken).ConfigureAwait(false);
        }

        return await link.WriteAsync("consume_nonce", connection => Consume(connection, key, until), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken) =>
        link.WriteAsync("remove_expired_nonces", connection => RemoveExpired(connection, Now, most), cancellationToken);

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private NonceResult Consume(SqliteConnection connection, NonceKey key, DateTimeOffset until)
    {
        long now = Now;
        if (connection.Number("SELECT expires_at FROM sage_nonces WHERE id = $id", ("$id", key.Id)) is { } end)
        {
            if (end > now)
            {
                return NonceResult.Replayed;
            }

            connection.Execute("DELETE FROM sage_nonces WHERE id = $id", ("$id", key.Id));
        }

        if (!HasRoom(connection, key.Scope) && (RemoveExpired(connection, now, Sweep.BatchSize) == 0 || !HasRoom(connection, key.Scope)))
        {
            return NonceResult.Full;
        }

        // A message at its last moment is remembered for the tolerance.
        long expiresAt = Math.Max(until.ToUnixTimeMilliseconds() + 1, now) + (long)options.ClockTolerance.TotalMilliseconds;
        connection.Execute(
            "INSERT INTO sage_nonces (id, scope, expires_at) VALUES ($id, $scope, $expires_at)", ("$id", key.Id), ("$scope", key.Scope), ("$expires_at", expiresAt));
        return NonceResult.Accepted;
    }

    private bool HasRoom(SqliteConnection connection, byte[] scope) =>
        connection.Number("SELECT live FROM sage_totals WHERE name = 'nonces'") < options.NonceCapacity
        && (connection.Number("SELECT live FROM sage_nonce_scopes WHERE scope = $scope", ("$scope", scope)) ?? 0) < options.NonceCapacity / 10;

    private static int RemoveExpired(SqliteConnection connection, long now, int most) => connection.Execute(
        "DELETE FROM sage_nonces WHERE id IN (SELECT id FROM sage_nonces WHERE expires_at <= $now ORDER BY expires_at LIMIT $most)", ("$now", now), ("$most", most));
}
