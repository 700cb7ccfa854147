using Sage.Crypto;
using Sage.Databases;
using static Sage.PostgreSql.Internal.PostgreSqlLink;

namespace Sage.PostgreSql.Internal;

/// <summary>Nonces in a table: a function of the database checks and inserts in one step and one round trip.</summary>
internal sealed class PostgreSqlNonceStore(PostgreSqlLink link, PostgreSqlDatabaseOptions options, TimeProvider timeProvider) : INonceStore
{
    private readonly Sweep sweep = new();

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        NonceKey key = new(scope, nonce);
        if (sweep.IsDue())
        {
            await RemoveExpiredAsync(Sweep.BatchSize, cancellationToken).ConfigureAwait(false);
        }

        NonceResult result = await ConsumeAsync(key, until, cancellationToken).ConfigureAwait(false);
        bool mayHaveRoom = result == NonceResult.Full && await RemoveExpiredAsync(Sweep.BatchSize, cancellationToken).ConfigureAwait(false) > 0;
        return mayHaveRoom ? await ConsumeAsync(key, until, cancellationToken).ConfigureAwait(false) : result;
    }

    public ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken) =>
        link.ScalarAsync<int>("remove_expired_nonces", "SELECT sage_remove_expired_nonces($1, $2)", cancellationToken, Value(Now), Value(most));

    private async ValueTask<NonceResult> ConsumeAsync(NonceKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        long now = Now;

        // A message at its last moment is remembered for the tolerance.
        long expiresAt = Math.Max(until.ToUnixTimeMilliseconds() + 1, now) + (long)options.ClockTolerance.TotalMilliseconds;
        short result = await link.ScalarAsync<short>(
            "consume_nonce", "SELECT sage_consume_nonce($1, $2, $3, $4, $5, $6)", cancellationToken,
            Value(key.Id), Value(key.Scope), Value(now), Value(expiresAt), Value(options.NonceCapacity / 10), Value(options.NonceCapacity)).ConfigureAwait(false);
        return result switch
        {
            0 => NonceResult.Accepted,
            1 => NonceResult.Replayed,
            _ => NonceResult.Full,
        };
    }
}
