using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// A registry record of an agent (SAGE profile P1 §6.3) with the optional members that make a write authorised:
/// <c>version</c>, <c>revoked</c> and <c>owner_proof</c>.
/// </summary>
/// <remarks>Immutable and safe to use from any thread. What is derived from the keys is checked once and kept.</remarks>
public sealed class AgentRecord
{
    /// <summary>The longest record, in bytes of JSON.</summary>
    public const int MaxJsonSize = 64 * 1024;

    /// <summary>The most keys a record may list.</summary>
    public const int MaxKeys = 32;

    private readonly Lazy<RecordKeys> derived;

    /// <summary>Makes a record.</summary>
    public AgentRecord() => derived = new Lazy<RecordKeys>(() => RecordKeys.Derive(this));

    /// <summary>The DID the record is about.</summary>
    public required AgentDid Did { get; init; }

    /// <summary>A display name, at most 256 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>A description, at most 4096 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>The base URL of the agent, at most 2048 characters.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The keys in their order; the n-th is <c>#key-n</c>.</summary>
    public IReadOnlyList<RecordKey> Keys { get; init; } = [];

    /// <summary>Capabilities as a JSON object text.</summary>
    public string Capabilities { get; init; } = "{}";

    /// <summary>The owner's account, for Ethereum an address; informative.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether the agent is active. Nothing of an inactive agent is trusted.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The X25519 key for handshakes, 32 bytes, or empty.</summary>
    public ReadOnlyMemory<byte> PublicKemKey { get; init; }

    /// <summary>When the record was made, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>When the record was last changed, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>How often the record was written; 0 for a record without the member.</summary>
    public long Version { get; init; }

    /// <summary>The key bytes that were revoked; they never return.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Revoked { get; init; } = [];

    /// <summary>The owner's authorisation, or <see langword="null"/>: then the source alone is what is trusted.</summary>
    public OwnerProof? OwnerProof { get; init; }

    /// <summary>Whether no verified key is malformed; a record that is not well formed is not used at all.</summary>
    public bool IsWellFormed => derived.Value.IsWellFormed;

    /// <summary>
    /// The signing keys that verify something: claimed verified, with a valid proof of possession, not revoked, in an active
    /// record.
    /// </summary>
    public IReadOnlyList<UsableKey> SigningKeys => derived.Value.Signing;

    /// <summary>The key of the handshake: the first usable secp256k1 key, else the first usable Ed25519 key.</summary>
    public PublicKey? HandshakeSigningKey => derived.Value.Handshake;

    /// <summary>
    /// The key agreement key: <see cref="PublicKemKey"/>, else the first verified X25519 key; only of an active record with a
    /// usable signing key.
    /// </summary>
    public PublicKey? KeyAgreementKey => derived.Value.Agreement;

    /// <summary>Finds the usable signing key that a fragment names.</summary>
    /// <param name="fragment"><c>key-n</c>, n from 1.</param>
    /// <returns>The key, or <see langword="null"/> if the fragment names no usable signing key.</returns>
    public PublicKey? FindSigningKey(string fragment)
    {
        ArgumentNullException.ThrowIfNull(fragment);
        foreach (UsableKey key in SigningKeys)
        {
            if (string.Equals(fragment, $"key-{key.Index}", StringComparison.Ordinal))
            {
                return key.Key;
            }
        }

        return null;
    }

    /// <summary>Reads a record from JSON. Unknown members are ignored.</summary>
    /// <param name="utf8Json">The JSON object in UTF-8, at most <see cref="MaxJsonSize"/> bytes.</param>
    /// <param name="record">The record, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the JSON is a record; its keys and proofs may still be worth nothing.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out AgentRecord? record)
    {
        record = null;
        if (!StrictJson.TryParse(utf8Json, MaxJsonSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            record = RecordJson.Read(document.RootElement);
            return record is not null;
        }
    }

    /// <summary>Writes the record as JSON in UTF-8.</summary>
    public byte[] ToJson() => RecordJson.Write(this, withOwnerProof: true);

    /// <summary>Returns the DID and the version.</summary>
    public override string ToString() => $"{Did} version {Version}";
}
