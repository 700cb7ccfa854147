using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Sage.Crypto;

/// <summary>Writes the part of a key store file that the checksum and the MAC cover.</summary>
internal static class KeyStoreWriter
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, IndentSize = 2, NewLine = "\n" };

    /// <summary>The file's JSON up to and without the closing line, so that the last two members can follow.</summary>
    public static byte[] WriteBody(KeyStoreContent content)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            writer.WriteStartObject();
            writer.WriteString("format", KeyStoreReader.Format);
            writer.WriteNumber("version", KeyStoreReader.Version);
            writer.WriteString("id", content.StoreId);
            writer.WriteNumber("revision", content.Revision);
            writer.WriteStartObject("kdf");
            writer.WriteString("name", KeyStoreReader.KdfName);
            writer.WriteBase64String("salt", content.Salt);
            writer.WriteNumber("memory_kib", content.Cost.MemoryKib);
            writer.WriteNumber("passes", content.Cost.Passes);
            writer.WriteNumber("lanes", 1);
            writer.WriteEndObject();
            writer.WriteBase64String("check", content.Check);
            writer.WriteStartArray("keys");
            foreach (StoredKey<SealedKey> key in content.Ring.Keys)
            {
                WriteKey(writer, key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan[..^"\n}".Length].ToArray();
    }

    private static void WriteKey(Utf8JsonWriter writer, StoredKey<SealedKey> key)
    {
        writer.WriteStartObject();
        writer.WriteString("name", key.Entry.Name);
        writer.WriteString("key_id", key.Entry.KeyId.Value);
        writer.WriteString("algorithm", key.Entry.Algorithm.Name);
        writer.WriteBase64String("public_key", key.Entry.PublicKey.Bytes);
        writer.WriteString("created_at", key.Entry.CreatedAt.ToString(KeyStoreReader.TimeFormat, CultureInfo.InvariantCulture));
        writer.WriteBoolean("current", key.Entry.IsCurrent);
        writer.WriteBoolean("exportable", key.Entry.ExportPolicy == KeyExportPolicy.AllowPlaintextExport);
        writer.WriteBase64String("nonce", key.Secret.Nonce);
        writer.WriteBase64String("sealed", key.Secret.Ciphertext);
        writer.WriteEndObject();
    }
}
