using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>The JSON form of an agent record (SAGE profile P1 §6.3); byte members are base64.</summary>
internal static class RecordJson
{
    private const int MaxKeyBytes = 256;
    private const int MaxSignatureBytes = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads an element that came from StrictJson; null if it is not a record.</summary>
    public static AgentRecord? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || !TryText(json, "did", AgentDid.MaxLength, out string? didText) || !AgentDid.TryParse(didText, out AgentDid did)
            || !TryText(json, "name", 256, out string? name)
            || !TryText(json, "description", 4096, out string? description)
            || !TryText(json, "endpoint", 2048, out string? endpoint)
            || !TryText(json, "owner", 256, out string? owner)
            || !TryTime(json, "created_at", out string? created)
            || !TryTime(json, "updated_at", out string? updated)
            || !TryBytes(json, "public_kem_key", MaxKeyBytes, out byte[]? kemKey)
            || !TryVersion(json, out long version)
            || !json.TryGetProperty("is_active", out JsonElement active) || active.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            || ReadKeys(json) is not { } keys
            || ReadRevoked(json) is not { } revoked
            || !TryOwnerProof(json, out OwnerProof? proof))
        {
            return null;
        }

        string capabilities = "{}";
        if (json.TryGetProperty("capabilities", out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            capabilities = value.GetRawText();
        }

        return new AgentRecord
        {
            Did = did,
            Name = name ?? "",
            Description = description ?? "",
            Endpoint = endpoint ?? "",
            Keys = keys,
            Capabilities = capabilities,
            Owner = owner ?? "",
            IsActive = active.GetBoolean(),
            PublicKemKey = kemKey,
            CreatedAt = created,
            UpdatedAt = updated,
            Version = version,
            Revoked = revoked,
            OwnerProof = proof,
        };
    }

    public static byte[] Write(AgentRecord record, bool withOwnerProof)
    {
        ArrayBufferWriter<byte> output = new(1024);
        using (Utf8JsonWriter json = new(output, Options))
        {
            Write(record, json, withOwnerProof);
        }

        return output.WrittenSpan.ToArray();
    }

    public static void Write(AgentRecord record, Utf8JsonWriter json, bool withOwnerProof)
    {
        json.WriteStartObject();
        json.WriteString("did", record.Did.Value);
        json.WriteString("name", record.Name);
        json.WriteString("description", record.Description);
        json.WriteString("endpoint", record.Endpoint);
        json.WriteStartArray("keys");
        foreach (RecordKey key in record.Keys)
        {
            json.WriteStartObject();
            json.WriteNumber("type", (int)key.Type);
            json.WriteBase64String("key_data", key.KeyData.Span);
            json.WriteBase64String("signature", key.Signature.Span);
            json.WriteBoolean("verified", key.Verified);
            WriteOptional(json, "created_at", key.CreatedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("capabilities");
        json.WriteRawValue(record.Capabilities);
        json.WriteString("owner", record.Owner);
        json.WriteBoolean("is_active", record.IsActive);
        json.WriteBase64String("public_kem_key", record.PublicKemKey.Span);
        WriteOptional(json, "created_at", record.CreatedAt);
        WriteOptional(json, "updated_at", record.UpdatedAt);
        if (record.Version > 0)
        {
            json.WriteNumber("version", record.Version);
        }

        if (record.Revoked.Count > 0)
        {
            json.WriteStartArray("revoked");
            foreach (ReadOnlyMemory<byte> key in record.Revoked)
            {
                json.WriteBase64StringValue(key.Span);
            }

            json.WriteEndArray();
        }

        if (withOwnerProof && record.OwnerProof is { } proof)
        {
            json.WriteStartObject("owner_proof");
            json.WriteString("op", proof.Operation);
            json.WriteString("previous", proof.Previous);
            json.WriteBase64String("signature", proof.Signature.Span);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static List<RecordKey>? ReadKeys(JsonElement json)
    {
        List<RecordKey> keys = [];
        if (!json.TryGetProperty("keys", out JsonElement array) || array.ValueKind == JsonValueKind.Null)
        {
            return keys;
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > AgentRecord.MaxKeys)
        {
            return null;
        }

        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.Number || !type.TryGetInt32(out int number)
                || !TryBytes(item, "key_data", MaxKeyBytes, out byte[]? data)
                || !TryBytes(item, "signature", MaxSignatureBytes, out byte[]? signature)
                || !TryTime(item, "created_at", out string? created)
                || !item.TryGetProperty("verified", out JsonElement verified) || verified.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }

            keys.Add(new RecordKey { Type = (RecordKeyType)number, KeyData = data, Signature = signature, Verified = verified.GetBoolean(), CreatedAt = created });
        }

        return keys;
    }

    private static List<ReadOnlyMemory<byte>>? ReadRevoked(JsonElement json)
    {
        List<ReadOnlyMemory<byte>> revoked = [];
        if (!json.TryGetProperty("revoked", out JsonElement array) || array.ValueKind == JsonValueKind.Null)
        {
            return revoked;
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > 4 * AgentRecord.MaxKeys)
        {
            return null;
        }

        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !StrictBase64.TryDecode(item.GetString(), MaxKeyBytes, out byte[]? key))
            {
                return null;
            }

            revoked.Add(key);
        }

        return revoked;
    }

    private static bool TryOwnerProof(JsonElement json, out OwnerProof? proof)
    {
        proof = null;
        if (!json.TryGetProperty("owner_proof", out JsonElement item) || item.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (item.ValueKind != JsonValueKind.Object
            || !TryText(item, "op", 32, out string? operation) || operation is null
            || !TryText(item, "previous", 64, out string? previous) || previous is null
            || !TryBytes(item, "signature", 65, out byte[]? signature))
        {
            return false;
        }

        proof = new OwnerProof(operation, previous, signature);
        return true;
    }

    // An absent or null text is null; a value of another type or too long is an error.
    private static bool TryText(JsonElement json, string name, int maxLength, out string? text)
    {
        text = null;
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = value.GetString()!;
        return text.Length <= maxLength;
    }

    private static bool TryTime(JsonElement json, string name, out string? text) =>
        TryText(json, name, 64, out text)
        && (string.IsNullOrEmpty(text) || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));

    private static bool TryBytes(JsonElement json, string name, int maxBytes, out byte[] bytes)
    {
        bytes = [];
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || !StrictBase64.TryDecode(value.GetString(), maxBytes, out byte[]? decoded))
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    private static bool TryVersion(JsonElement json, out long version)
    {
        version = 0;
        return !json.TryGetProperty("version", out JsonElement value)
            || (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out version) && version is >= 0 and <= 1L << 53);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
