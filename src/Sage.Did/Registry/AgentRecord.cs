using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// What a registry says of an agent (SAGE profile P1 §6.3). The members are claims; <see cref="IsValid"/> and the keys
/// below are what follows from them once everything is checked, and are computed once per record.
/// </summary>
/// <remarks>Immutable and safe from any thread. <c>with</c> makes a changed record.</remarks>
public sealed record AgentRecord
{
    /// <summary>The largest record, in bytes of JSON.</summary>
    public const int MaxJsonSize = 64 * 1024;

    /// <summary>The most keys a record may list.</summary>
    public const int MaxKeys = 32;

    /// <summary>The most revoked keys a record may list.</summary>
    public const int MaxRevokedKeys = 128;

    private const string EmptyObject = "{}";

    private byte[]? json;
    private RecordFacts? facts;

    /// <summary>Makes an empty record; <see cref="Did"/> is required.</summary>
    public AgentRecord()
    {
    }

    // A copy starts without what was computed from the original, because `with` is about to change it.
    [SetsRequiredMembers]
    private AgentRecord(AgentRecord original)
    {
        Did = original.Did;
        Name = original.Name;
        Description = original.Description;
        Endpoint = original.Endpoint;
        Keys = original.Keys;
        Revoked = original.Revoked;
        Capabilities = original.Capabilities;
        Owner = original.Owner;
        IsActive = original.IsActive;
        PublicKemKey = original.PublicKemKey;
        CreatedAt = original.CreatedAt;
        UpdatedAt = original.UpdatedAt;
        Version = original.Version;
        OwnerProof = original.OwnerProof;
        OtherMembers = original.OtherMembers;
    }

    /// <summary>The DID the record is about.</summary>
    public required AgentDid Did { get; init; }

    /// <summary>A display name; at most 256 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>A description; at most 4096 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where the agent can be reached, as text; at most 2048 characters. Whoever connects checks it.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The listed keys, at most 32; position <c>n</c>, counted from 1, is named <c>key-n</c>.</summary>
    public IReadOnlyList<RecordKey> Keys { get; init => field = [.. value]; } = [];

    /// <summary>
    /// The bytes of keys that were revoked, at most 128; such a key verifies nothing wherever else it is listed.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Revoked { get; init => field = [.. value]; } = [];

    /// <summary>Capabilities as the text of a JSON object.</summary>
    /// <exception cref="ArgumentException">The text is not a JSON object, or not one that canonical JSON can carry.</exception>
    public string Capabilities { get; init => field = RequireObject(value); } = EmptyObject;

    /// <summary>The owner's account as text; at most 256 characters. The DID, not this member, says who owns it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether the agent is active; nothing of an inactive one is trusted.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The X25519 key to agree on secrets with, 32 bytes, or empty.</summary>
    public ReadOnlyMemory<byte> PublicKemKey { get; init => field = value.ToArray(); }

    /// <summary>When the record was made, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>When the record was last changed, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>How often the record was written with an owner's proof; 0 for records that do not count.</summary>
    public long Version { get; init; }

    /// <summary>The owner's signature on the last write, if it has one.</summary>
    public OwnerProof? OwnerProof { get; init; }

    /// <summary>
    /// Whether the record may be trusted as far as it goes: every key it claims to have verified is well formed, and the
    /// owner's proof, if there is one, is the owner's. An invalid record has no usable keys.
    /// </summary>
    public bool IsValid => Facts.IsValid;

    /// <summary>
    /// The usable signing keys in the order of the record: verified, proven, not revoked, of an active and valid record.
    /// </summary>
    public IReadOnlyList<UsableKey> SigningKeys => Facts.SigningKeys;

    /// <summary>The first usable secp256k1 key, else the first usable Ed25519 key, else none (SAGE profile P1 §3.5).</summary>
    public PublicKey? HandshakeSigningKey => Facts.Document.HandshakeSigningKey;

    /// <summary>
    /// <see cref="PublicKemKey"/>, else the first verified X25519 key; none unless the record has a usable signing key.
    /// </summary>
    public PublicKey? KeyAgreementKey => Facts.Document.KeyAgreementKey;

    /// <summary>The W3C form of the record, with usable keys only.</summary>
    internal DidDocument Document => Facts.Document;

    internal string? VersionId => Version > 0 ? Version.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Members that this version does not know, in the order they were read.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonElement>> OtherMembers { get; init; } = [];

    /// <summary>The JSON form: as it was read, or written once. Not to be changed.</summary>
    internal byte[] Json => json ??= RecordWriter.Write(this);

    // Two threads may both compute it; the results are equal and one is kept.
    private RecordFacts Facts => facts ??= RecordFacts.Derive(this);

    /// <summary>Reads a record. Members this version does not know are kept.</summary>
    /// <param name="utf8Json">The JSON object, at most <see cref="MaxJsonSize"/> bytes.</param>
    /// <param name="record">The record, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the JSON is a record; whether it may be trusted is <see cref="IsValid"/>.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out AgentRecord? record)
    {
        record = null;
        if (!StrictJson.TryParse(utf8Json, MaxJsonSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            record = RecordReader.TryRead(document.RootElement);
            if (record is not null)
            {
                record.json = utf8Json.ToArray();
            }

            return record is not null;
        }
    }

    /// <summary>The JSON form in UTF-8: exactly as it was read, or the members in the order of the profile.</summary>
    public byte[] ToJson() => [.. Json];

    /// <summary>The usable signing key that a fragment such as <c>key-1</c> names, or none.</summary>
    /// <param name="fragment">The text after <c>#</c>.</param>
    public PublicKey? FindSigningKey(string fragment) => Facts.Document.FindSigningKey(fragment);

    /// <summary>Whether the JSON forms are equal byte for byte.</summary>
    /// <param name="other">Another record.</param>
    public bool Equals(AgentRecord? other) => other is not null && Bytes.PublicEquals(Json, other.Json);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Did, Version);

    /// <summary>Returns the DID and the version.</summary>
    public override string ToString() => $"{Did} version {Version}";

    private static string RequireObject(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == EmptyObject)
        {
            return EmptyObject;
        }

        if (StrictJson.TryParse(Encoding.UTF8.GetBytes(text), MaxJsonSize, out JsonDocument? document))
        {
            using (document)
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    return text;
                }
            }
        }

        throw new ArgumentException("The capabilities are not the text of a JSON object.", nameof(text));
    }
}
