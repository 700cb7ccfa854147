namespace Sage.Crypto;

/// <summary>
/// Signs on behalf of a key that may live elsewhere (KMS, HSM). Implementations must be safe from any thread, must call
/// <see cref="SigningPurposeExtensions.Accepts"/> and refuse what it refuses.
/// </summary>
public interface ISigner
{
    /// <summary>The public half of the signing key.</summary>
    PublicKey PublicKey { get; }

    /// <summary>Signs <paramref name="data"/> for one purpose, in the wire form of the key's algorithm.</summary>
    /// <param name="purpose">What the signature is for.</param>
    /// <param name="data">The bytes to sign, not their digest.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A signature of <see cref="Crypto.PublicKey.SignatureSize"/> bytes.</returns>
    /// <exception cref="ArgumentException">The bytes do not have the shape of <paramref name="purpose"/>.</exception>
    ValueTask<byte[]> SignAsync(SigningPurpose purpose, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);
}
