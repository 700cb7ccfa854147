using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sage.Did;

/// <summary>Writes the JSON of a record: the members of the profile in its order, then ours, then those of others.</summary>
internal static class RecordWriter
{
    // Only what JSON itself demands is escaped, as other implementations write it; the file is not embedded in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AgentRecord record)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            Write(record, writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(AgentRecord record, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("did", record.Did.Value);
        writer.WriteString("name", record.Name);
        writer.WriteString("description", record.Description);
        writer.WriteString("endpoint", record.Endpoint);
        WriteKeys(record.Keys, writer);
        writer.WritePropertyName("capabilities");
        writer.WriteRawValue(record.Capabilities);
        writer.WriteString("owner", record.Owner);
        writer.WriteBoolean("is_active", record.IsActive);
        writer.WriteBase64String("public_kem_key", record.PublicKemKey.Span);
        WriteTime("created_at", record.CreatedAt, writer);
        WriteTime("updated_at", record.UpdatedAt, writer);
        if (record.Version > 0)
        {
            writer.WriteNumber("version", record.Version);
        }

        if (record.Revoked.Count > 0)
        {
            writer.WriteStartArray("revoked");
            foreach (ReadOnlyMemory<byte> key in record.Revoked)
            {
                writer.WriteBase64StringValue(key.Span);
            }

            writer.WriteEndArray();
        }

        foreach ((string name, JsonElement value) in record.OtherMembers)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        WriteProof(record.OwnerProof, writer);
        writer.WriteEndObject();
    }

    private static void WriteKeys(IReadOnlyList<RecordKey> keys, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("keys");
        foreach (RecordKey key in keys)
        {
            if (key.Json is { } json)
            {
                json.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteNumber("type", (int)key.Type);
            writer.WriteBase64String("key_data", key.KeyData.Span);
            writer.WriteBase64String("signature", key.Signature.Span);
            writer.WriteBoolean("verified", key.Verified);
            WriteTime("created_at", key.CreatedAt, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTime(string name, string? text, Utf8JsonWriter writer)
    {
        if (!string.IsNullOrEmpty(text))
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteProof(OwnerProof? proof, Utf8JsonWriter writer)
    {
        if (proof is null)
        {
            return;
        }

        writer.WriteStartObject("owner_proof");
        writer.WriteString("op", proof.Operation);
        writer.WriteString("previous", proof.Previous);
        writer.WriteBase64String("signature", proof.Signature.Span);
        writer.WriteEndObject();
    }
}
