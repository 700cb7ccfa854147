using System.Collections.Concurrent;
using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

/// <summary>A nonce store that shows what it was asked, and fails or fills up on demand.</summary>
internal sealed class TestNonceStore(TimeProvider timeProvider) : INonceStore
{
    private readonly ConcurrentDictionary<(string Scope, string Nonce), DateTimeOffset> kept = new();

    public Exception? Failure { get; set; }

    public bool IsFull { get; set; }

    public IReadOnlyDictionary<(string Scope, string Nonce), DateTimeOffset> Kept => kept;

    public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        if (IsFull)
        {
            return ValueTask.FromResult(NonceResult.Full);
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        if (kept.TryGetValue((scope, nonce), out DateTimeOffset old) && old <= now)
        {
            kept.TryRemove((scope, nonce), out _);
        }

        return ValueTask.FromResult(kept.TryAdd((scope, nonce), until) ? NonceResult.Accepted : NonceResult.Replayed);
    }
}
