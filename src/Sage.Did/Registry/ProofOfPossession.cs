using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;
using Sage.Crypto.Internal.Backend;

namespace Sage.Did;

/// <summary>
/// The proof that who registers a key holds it (SAGE profile P1 §6.4): a signature over the SHA-256 of
/// <c>SAGE-PoP:&lt;did&gt;:&lt;hex of the key&gt;</c>. It shows nothing about who may register it.
/// </summary>
public static class ProofOfPossession
{
    /// <summary>Makes the proof for a signing key, in the form its bytes are registered in: 32 or 65 bytes.</summary>
    /// <param name="signer">The key to register.</param>
    /// <param name="did">The DID it is registered under.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The signer is neither Ed25519 nor secp256k1.</exception>
    public static ValueTask<byte[]> CreateAsync(ISigner signer, AgentDid did, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signer);
        if (!IsProvable(signer.PublicKey.Algorithm))
        {
            throw new ArgumentException($"There is no proof of possession for {signer.PublicKey.Algorithm.Name} keys.", nameof(signer));
        }

        return signer.SignAsync(SigningPurpose.ProofOfPossession, Challenge(did, signer.PublicKey.Bytes), cancellationToken);
    }

    /// <summary>Checks a proof. A high <c>s</c> is refused: a proof is stored, so it has one form only.</summary>
    /// <param name="did">The DID the key is registered under.</param>
    /// <param name="key">The key, imported from <paramref name="keyData"/>.</param>
    /// <param name="keyData">The key bytes exactly as registered.</param>
    /// <param name="proof">The proof: 64 bytes for Ed25519, 65 (or 64) for secp256k1.</param>
    /// <returns><see langword="true"/> if the proof is valid; always <see langword="false"/> for a key that cannot sign so.</returns>
    public static bool Verify(AgentDid did, PublicKey key, ReadOnlySpan<byte> keyData, ReadOnlySpan<byte> proof)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsProvable(key.Algorithm))
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Challenge(did, keyData), digest);
        return (key.Algorithm != KeyAlgorithm.Secp256k1 || Secp256k1Backend.IsLowS(proof)) && key.VerifyDigest(digest, proof);
    }

    private static bool IsProvable(KeyAlgorithm algorithm) => algorithm == KeyAlgorithm.Ed25519 || algorithm == KeyAlgorithm.Secp256k1;

    private static byte[] Challenge(AgentDid did, ReadOnlySpan<byte> keyData) =>
        Encoding.ASCII.GetBytes($"SAGE-PoP:{did.Value}:{Convert.ToHexStringLower(keyData)}");
}
