using System.Security.Cryptography;

namespace Sage.Crypto;

/// <summary>The <see cref="ISigner"/> over a <see cref="PrivateKey"/> in this process. Safe from any thread.</summary>
public sealed class KeySigner : ISigner
{
    private readonly PrivateKey key;

    /// <summary>Makes a signer; the caller keeps ownership of the key and disposes it.</summary>
    /// <param name="key">A key whose algorithm can sign.</param>
    /// <exception cref="ArgumentException">The key cannot sign.</exception>
    public KeySigner(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Algorithm.CanSign)
        {
            throw new ArgumentException($"A {key.Algorithm.Name} key cannot sign.", nameof(key));
        }

        this.key = key;
    }

    /// <inheritdoc/>
    public PublicKey PublicKey => key.PublicKey;

    /// <inheritdoc/>
    public ValueTask<byte[]> SignAsync(SigningPurpose purpose, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!purpose.Accepts(data.Span))
        {
            throw new ArgumentException($"The bytes do not have the shape of {purpose}.", nameof(data));
        }

        byte[] signature = new byte[key.PublicKey.SignatureSize];
        if (purpose == SigningPurpose.ProofOfPossession)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(data.Span, digest);
            key.SignDigest(digest, signature);
        }
        else
        {
            key.Sign(data.Span, signature);
        }

        return ValueTask.FromResult(signature);
    }
}
