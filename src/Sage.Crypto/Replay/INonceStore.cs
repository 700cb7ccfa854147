namespace Sage.Crypto;

/// <summary>
/// Remembers nonces so that each is accepted once. Implementations must be safe from any thread (or node) and make
/// check and insert one atomic operation.
/// </summary>
public interface INonceStore
{
    /// <summary>Consumes a nonce: the first call for a (scope, nonce) pair is accepted, later ones are replays until it expires.</summary>
    /// <param name="scope">Whose nonce it is; never a value the sender alone chooses. At most 1024 UTF-16 units.</param>
    /// <param name="nonce">The nonce. At most 1024 UTF-16 units.</param>
    /// <param name="until">When the pair may be forgotten: not before the message itself would be refused as too old.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Only <see cref="NonceResult.Accepted"/> lets the message through.</returns>
    ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default);
}
