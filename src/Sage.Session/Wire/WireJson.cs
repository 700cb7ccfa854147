using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>Reads members of strictly parsed JSON within limits, and writes what Go's reader and ours both take.</summary>
internal static class WireJson
{
    public const int MaxId = 128;
    public const int MaxTaskId = 64;
    public const int MaxRole = 64;
    public const int MaxError = 2048;
    public const int MaxMetadata = 16;
    public const int MaxMetadataName = 64;
    public const int MaxMetadataValue = 2048;

    // Base64 keeps its '+' this way; nothing here is ever put into HTML.
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int KeyTextSize = 43;

    // One UTF-16 unit takes at most six bytes of JSON (\uXXXX).
    private const int MaxBytesPerUnit = 6;

    /// <summary>Reads a string of so many UTF-16 units; a longer one is refused before it is copied.</summary>
    public static bool TryGetText(JsonElement element, int minLength, int maxLength, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (element.ValueKind != JsonValueKind.String || JsonMarshal.GetRawUtf8Value(element).Length - 2 > maxLength * MaxBytesPerUnit)
        {
            return false;
        }

        string value = element.GetString()!;
        text = value.Length >= minLength && value.Length <= maxLength ? value : null;
        return text is not null;
    }

    /// <summary>Reads a string that is not empty as UTF-8.</summary>
    public static bool TryGetUtf8(JsonElement element, int maxSize, [NotNullWhen(true)] out byte[]? utf8)
    {
        utf8 = null;
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        if (raw.Length > maxSize * MaxBytesPerUnit)
        {
            return false;
        }

        byte[] text = raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(element.GetString()!) : raw.ToArray();
        utf8 = text.Length > 0 && text.Length <= maxSize ? text : null;
        return utf8 is not null;
    }

    /// <summary>Reads 32 bytes of strict base64url: the one text that encodes them, without padding.</summary>
    public static bool TryGetKey(JsonElement element, Span<byte> key)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        // An escape is legal where none is needed; reading it is worth a copy.
        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        if (text.Length <= KeyTextSize * MaxBytesPerUnit && text.Contains((byte)'\\'))
        {
            text = Encoding.UTF8.GetBytes(element.GetString()!);
        }

        if (text.Length != KeyTextSize
            || Base64Url.DecodeFromUtf8(text, key, out _, out int written) != OperationStatus.Done || written != key.Length)
        {
            return false;
        }

        // The decoder skips white space and drops pad bits; only the canonical text survives the way back.
        Span<byte> canonical = stackalloc byte[KeyTextSize];
        return Base64Url.EncodeToUtf8(key, canonical) == text.Length && Bytes.PublicEquals(text, canonical);
    }

    /// <summary>Reads a base64 string, without a copy of its text unless it holds an escape.</summary>
    public static bool TryGetBase64(JsonElement element, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        return text.Contains((byte)'\\')
            ? StrictBase64.TryDecode(element.GetString(), int.MaxValue, out bytes)
            : StrictBase64.TryDecode(text, int.MaxValue, out bytes);
    }

    /// <summary>Reads an object of strings.</summary>
    public static bool TryGetMetadata(JsonElement element, [NotNullWhen(true)] out Dictionary<string, string>? metadata)
    {
        metadata = null;
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() > MaxMetadata)
        {
            return false;
        }

        Dictionary<string, string> read = new(element.GetPropertyCount(), StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name.Length is 0 or > MaxMetadataName || !TryGetText(property.Value, 0, MaxMetadataValue, out string? value))
            {
                return false;
            }

            read.Add(property.Name, value);
        }

        metadata = read;
        return true;
    }

    /// <summary>Writes a text, unless it is empty.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
