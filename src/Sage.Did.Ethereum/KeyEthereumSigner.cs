using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>Signs with a secp256k1 key in memory. The key stays the caller's to dispose.</summary>
public sealed class KeyEthereumSigner : IEthereumSigner
{
    private readonly PrivateKey key;

    /// <summary>Makes a signer of a key.</summary>
    /// <param name="key">A secp256k1 key.</param>
    /// <exception cref="ArgumentException">The key is of another algorithm.</exception>
    public KeyEthereumSigner(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Algorithm != KeyAlgorithm.Secp256k1)
        {
            throw new ArgumentException($"A {key.Algorithm.Name} key cannot sign for an Ethereum account; use a secp256k1 key.", nameof(key));
        }

        this.key = key;
        Address = EthereumAddress.FromPublicKey(key.PublicKey);
    }

    /// <inheritdoc/>
    public EthereumAddress Address { get; }

    /// <inheritdoc/>
    public ValueTask<EthereumSignature> SignDigestAsync(ReadOnlyMemory<byte> digest, EthereumSigningPurpose purpose, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (digest.Length != 32)
        {
            throw new ArgumentException("The digest must be exactly 32 bytes.", nameof(digest));
        }

        if (purpose is not (EthereumSigningPurpose.Transaction or EthereumSigningPurpose.TypedData))
        {
            throw new ArgumentOutOfRangeException(nameof(purpose));
        }

        Span<byte> signature = stackalloc byte[EthereumSignature.Size];
        key.SignDigest(digest.Span, signature);
        return ValueTask.FromResult(EthereumSignature.FromBytes(signature));
    }

    /// <summary>Returns the address only.</summary>
    public override string ToString() => $"signer of {Address}";
}
