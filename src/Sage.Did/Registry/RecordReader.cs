using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>Reads the JSON of a record that StrictJson has accepted; null when a member is not what the profile says.</summary>
internal sealed class RecordReader
{
    private const int MaxName = 256;
    private const int MaxDescription = 4096;
    private const int MaxEndpoint = 2048;
    private const int MaxOwner = 256;
    private const int MaxBinary = 256;

    private static readonly HashSet<string> Known =
    [
        "did", "name", "description", "endpoint", "keys", "capabilities", "owner", "is_active", "public_kem_key",
        "created_at", "updated_at", "version", "revoked", "owner_proof",
    ];

    private readonly JsonElement element;
    private bool failed;

    private RecordReader(JsonElement element)
    {
        this.element = element;
        failed = element.ValueKind != JsonValueKind.Object;
    }

    public static AgentRecord? TryRead(JsonElement element)
    {
        RecordReader reader = new(element);
        if (reader.failed || !AgentDid.TryParse(reader.Text("did", AgentDid.MaxLength), out AgentDid did))
        {
            return null;
        }

        AgentRecord record = new()
        {
            Did = did,
            Name = reader.Text("name", MaxName),
            Description = reader.Text("description", MaxDescription),
            Endpoint = reader.Text("endpoint", MaxEndpoint),
            Keys = reader.ReadKeys(),
            Revoked = reader.ReadRevoked(),
            Capabilities = reader.Capabilities(),
            Owner = reader.Text("owner", MaxOwner),
            IsActive = reader.Flag("is_active"),
            PublicKemKey = reader.Binary("public_kem_key", strict: true),
            CreatedAt = reader.Time("created_at"),
            UpdatedAt = reader.Time("updated_at"),
            Version = reader.Version(),
            OwnerProof = reader.Proof(),
            OtherMembers = [.. element.EnumerateObject().Where(m => !Known.Contains(m.Name)).Select(m => KeyValuePair.Create(m.Name, m.Value.Clone()))],
        };
        return reader.failed ? null : record;
    }

    private bool TryGet(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private string Text(string name, int maximum)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return "";
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || text.Length > maximum)
        {
            failed = true;
            return "";
        }

        return text;
    }

    private bool Flag(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return false;
        }

        failed |= value.ValueKind is not (JsonValueKind.True or JsonValueKind.False);
        return value.ValueKind == JsonValueKind.True;
    }

    // The text is kept, since it may be finer than .NET holds; an empty one is no time.
    private string? Time(string name)
    {
        string text = Text(name, Rfc3339.MaxLength);
        failed |= text.Length > 0 && !Rfc3339.TryParse(text, out _);
        return text.Length > 0 ? text : null;
    }

    private byte[] Binary(string name, bool strict)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.String && StrictBase64.TryDecode(value.GetString(), MaxBinary, out byte[]? bytes))
        {
            return bytes;
        }

        failed |= strict;
        return [];
    }

    private long Version()
    {
        if (!TryGet("version", out JsonElement value))
        {
            return 0;
        }

        // 2^53 − 1 is the last integer that canonical JSON can carry.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long version) && version is >= 0 and < 1L << 53)
        {
            return version;
        }

        failed = true;
        return 0;
    }

    private string Capabilities()
    {
        if (TryGet("capabilities", out JsonElement value))
        {
            failed |= value.ValueKind != JsonValueKind.Object;
        }

        return value.ValueKind == JsonValueKind.Object ? value.GetRawText() : "{}";
    }

    private OwnerProof? Proof()
    {
        if (!TryGet("owner_proof", out JsonElement value))
        {
            return null;
        }

        RecordReader reader = new(value);
        if (!reader.failed)
        {
            OwnerProof proof = new(reader.Text("op", 32), reader.Text("previous", 64), reader.Binary("signature", strict: true));
            if (!reader.failed && RegistryOperation.IsKnown(proof.Operation) && OwnerProofCheck.IsHash(proof.Previous))
            {
                return proof;
            }
        }

        failed = true;
        return null;
    }

    private List<RecordKey> ReadKeys()
    {
        List<RecordKey> keys = [];
        foreach (JsonElement entry in Items("keys", AgentRecord.MaxKeys))
        {
            RecordReader reader = new(entry);
            if (reader.failed || reader.ReadKey() is not { } key)
            {
                failed = true;
                return keys;
            }

            keys.Add(key);
        }

        return keys;
    }

    private List<ReadOnlyMemory<byte>> ReadRevoked()
    {
        List<ReadOnlyMemory<byte>> revoked = [];
        foreach (JsonElement entry in Items("revoked", AgentRecord.MaxRevokedKeys))
        {
            if (entry.ValueKind != JsonValueKind.String || !StrictBase64.TryDecode(entry.GetString(), MaxBinary, out byte[]? key))
            {
                failed = true;
                return revoked;
            }

            revoked.Add(key);
        }

        return revoked;
    }

    private List<JsonElement> Items(string name, int maximum)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= maximum)
        {
            return [.. value.EnumerateArray()];
        }

        failed = true;
        return [];
    }

    private RecordKey? ReadKey()
    {
        if (!TryGet("type", out JsonElement type) || type.ValueKind != JsonValueKind.Number || !type.TryGetInt32(out int number))
        {
            return null;
        }

        // What is not a key of a known type that claims to be verified is never used, so its bytes need not make sense.
        bool verified = Flag("verified");
        bool counts = verified && number is >= (int)RecordKeyType.Secp256k1 and <= (int)RecordKeyType.X25519;
        RecordKey key = new()
        {
            Type = (RecordKeyType)number,
            KeyData = Binary("key_data", counts),
            Signature = Binary("signature", counts),
            Verified = verified,
            CreatedAt = Time("created_at"),
            Json = element.Clone(),
        };
        return failed ? null : key;
    }
}
