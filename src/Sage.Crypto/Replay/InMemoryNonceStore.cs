using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>
/// The nonces of one process, in memory. A live nonce is never forgotten: when the store, or one scope's tenth of it, is
/// full, new nonces are refused. Memory is bounded whatever the length of scopes and nonces: about 80 MB when full at the
/// default capacity, every nonce in a scope of its own.
/// </summary>
/// <remarks>
/// Safe from any thread. Each call takes constant time; expired nonces are removed a few per call, or all at once
/// when room is needed. A nonce is remembered two seconds longer than asked, because the caller looked at the clock
/// before the store does. Nothing survives the process; several nodes need a shared store.
/// </remarks>
public sealed class InMemoryNonceStore : INonceStore
{
    private const int MaxLength = 1024;
    private const int ShardCount = 32;
    private const long Grace = 2 * TimeSpan.TicksPerSecond;

    private readonly TimeProvider time;
    private readonly NonceShard[] shards = new NonceShard[ShardCount];
    private readonly NonceQuota quota;

    // Scopes and nonces are kept as keyed 128-bit hashes, so that nobody can prepare two that collide.
    private readonly UInt128 key;

    /// <summary>Makes an empty store.</summary>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="capacity">The greatest number of live nonces, at least 10; one scope has at most a tenth of it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 10.</exception>
    public InMemoryNonceStore(TimeProvider? timeProvider = null, int capacity = 1_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 10);
        time = timeProvider ?? TimeProvider.System;
        quota = new NonceQuota(capacity, capacity / 10);
        long second = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond;
        for (int i = 0; i < ShardCount; i++)
        {
            shards[i] = new NonceShard(quota, second);
        }

        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref key)));
    }

    /// <summary>How many nonces are held, expired ones that have not been removed yet included.</summary>
    public int Count => quota.Count;

    /// <summary>How many scopes have a nonce; for tests.</summary>
    internal int ScopeCount => quota.ScopeCount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The scope or the nonce is empty or longer than 1024 UTF-16 units.</exception>
    public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        Require(scope, nameof(scope));
        Require(nonce, nameof(nonce));
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<NonceResult>(cancellationToken)
            : ValueTask.FromResult(TryConsume(scope, nonce, until));
    }

    private NonceResult TryConsume(string scope, string nonce, DateTimeOffset until)
    {
        long now = time.GetUtcNow().UtcTicks;
        long expires = Math.Min(Math.Max(until.UtcTicks, now), DateTimeOffset.MaxValue.UtcTicks - Grace) + Grace;
        UInt128 scopeHash = Hash(key, scope);
        UInt128 hash = Hash(scopeHash, nonce);
        NonceShard shard = shards[(int)(hash >> 96) & (ShardCount - 1)];
        NonceResult result = shard.TryConsume(hash, (ulong)scopeHash, expires, now);
        if (result != NonceResult.Full)
        {
            return result;
        }

        foreach (NonceShard other in shards)
        {
            other.ReclaimAll(now);
        }

        return shard.TryConsume(hash, (ulong)scopeHash, expires, now);
    }

    private static UInt128 Hash(UInt128 key, string text) => Libsodium.SipHash128(key, MemoryMarshal.AsBytes(text.AsSpan()));

    private static void Require(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"At most {MaxLength} UTF-16 units.", name);
        }
    }
}
