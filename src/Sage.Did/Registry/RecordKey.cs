using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// One entry of <c>keys</c> in an agent record, as it is written there (SAGE profile P1 §6.3). Nothing in it is trusted by
/// itself: <see cref="AgentRecord.SigningKeys"/> are the ones that count.
/// </summary>
/// <remarks>Immutable: byte members are copied when they are set.</remarks>
public sealed class RecordKey
{
    /// <summary>The registry integer of the key type; values other than <see cref="RecordKeyType"/>'s are ignored by readers.</summary>
    public required RecordKeyType Type { get; init; }

    /// <summary>The public key bytes as registered; the proof of possession covers exactly these.</summary>
    public required ReadOnlyMemory<byte> KeyData { get; init => field = value.ToArray(); }

    /// <summary>The proof of possession; empty for X25519.</summary>
    public ReadOnlyMemory<byte> Signature { get; init => field = value.ToArray(); }

    /// <summary>What the record claims about the proof. A claim, not a fact: readers check the proof again.</summary>
    public bool Verified { get; init; }

    /// <summary>When the key was added, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>The algorithm of the type, or <see langword="null"/> for a type that is not known.</summary>
    public KeyAlgorithm? Algorithm => Type switch
    {
        RecordKeyType.Secp256k1 => KeyAlgorithm.Secp256k1,
        RecordKeyType.Ed25519 => KeyAlgorithm.Ed25519,
        RecordKeyType.X25519 => KeyAlgorithm.X25519,
        _ => null,
    };

    /// <summary>The entry as it was read, so that members this version does not know survive a rewrite.</summary>
    internal JsonElement? Json { get; init; }

    /// <summary>Makes the entry of a signing key, with its proof of possession.</summary>
    /// <param name="signer">A secp256k1 or Ed25519 signer.</param>
    /// <param name="did">The DID the key is listed for.</param>
    /// <param name="createdAt">When the key is added.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">A registry record cannot list a signing key of that algorithm.</exception>
    public static async ValueTask<RecordKey> CreateSigningKeyAsync(
        ISigner signer, AgentDid did, DateTimeOffset createdAt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return new RecordKey
        {
            Type = signer.PublicKey.Algorithm == KeyAlgorithm.Ed25519 ? RecordKeyType.Ed25519 : RecordKeyType.Secp256k1,
            KeyData = signer.PublicKey.Export(),
            Signature = await ProofOfPossession.CreateAsync(signer, did, cancellationToken).ConfigureAwait(false),
            Verified = true,
            CreatedAt = Rfc3339.Format(createdAt),
        };
    }

    /// <summary>Makes the entry of an X25519 key, for which no proof exists.</summary>
    /// <param name="publicKey">An X25519 key.</param>
    /// <param name="createdAt">When the key is added.</param>
    /// <exception cref="ArgumentException">The key is not an X25519 key.</exception>
    public static RecordKey CreateAgreementKey(PublicKey publicKey, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        if (publicKey.Algorithm != KeyAlgorithm.X25519)
        {
            throw new ArgumentException("Only an X25519 key agrees on secrets.", nameof(publicKey));
        }

        return new RecordKey { Type = RecordKeyType.X25519, KeyData = publicKey.Export(), Verified = true, CreatedAt = Rfc3339.Format(createdAt) };
    }
}
