using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>Agent cards (SAGE profile P1 §7): what an agent says about itself, to be signed by <see cref="AgentCardProof"/>.</summary>
public static class AgentCard
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the card of a record, without a proof. It lists the usable keys under their numbers in the record.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The card as JSON in UTF-8.</returns>
    public static byte[] Create(AgentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
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
        WriteTexts("@context", writer, "https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/ed25519-2020/v1", "https://w3id.org/security/suites/secp256k1-2019/v1");
        writer.WriteString("id", record.Did.Value);
        WriteTexts("type", writer, "Agent", "AIAgent");
        writer.WriteString("name", record.Name);
        writer.WriteString("description", record.Description);
        writer.WriteStartArray("publicKey");
        foreach (VerificationMethod method in record.Document.VerificationMethods.Where(method => method.Fragment != RecordDocument.KemFragment))
        {
            WriteKey(record.Did.Value, method, writer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("service");
        writer.WriteStartObject();
        writer.WriteString("type", "MessageService");
        writer.WriteString("uri", record.Endpoint);
        writer.WriteEndObject();
        writer.WriteEndArray();
        WriteTexts("capabilities", writer, "message-signing", "message-verification");
        writer.WriteString("created", record.CreatedAt ?? "");
        writer.WriteString("updated", record.UpdatedAt ?? "");
        writer.WriteEndObject();
    }

    private static void WriteKey(string did, VerificationMethod method, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"{did}#{method.Fragment}");
        writer.WriteString("type", CardKeyType.Of(method.PublicKey.Algorithm)!.KeyType);
        writer.WriteString("controller", did);
        writer.WriteString("publicKeyBase58", Base58.Encode(method.PublicKey.Bytes));
        writer.WriteString("publicKeyHex", Convert.ToHexStringLower(method.PublicKey.Bytes));
        writer.WriteEndObject();
    }

    private static void WriteTexts(string name, Utf8JsonWriter writer, params ReadOnlySpan<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
