using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Internal;

/// <summary>Writes RFC 8785: members in UTF-16 order, the shortest escapes, ECMAScript numbers, no white space.</summary>
internal static class CanonicalWriter
{
    public static void Write(JsonElement element, IBufferWriter<byte> output, string? exceptMember = null)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output, exceptMember);
                break;
            case JsonValueKind.Array:
                WriteArray(element, output);
                break;
            case JsonValueKind.String:
                WriteString(element.GetString()!, output);
                break;
            case JsonValueKind.Number:
                EcmaScriptNumber.Write(element.GetDouble(), output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    private static void WriteObject(JsonElement element, IBufferWriter<byte> output, string? exceptMember)
    {
        // The names are taken once: every read of JsonProperty.Name makes a new string.
        List<(string Name, JsonElement Value)> members = new(element.GetPropertyCount());
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (exceptMember is null || !member.NameEquals(exceptMember))
            {
                members.Add((member.Name, member.Value));
            }
        }

        // Ordinal comparison is by UTF-16 code unit, as RFC 8785 §3.2.3 asks.
        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Write("{"u8);
        for (int i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteString(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement element, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        bool first = true;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            Write(item, output);
        }

        output.Write("]"u8);
    }

    private static void WriteString(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            int plain = IndexOfEscaped(text);
            Encoding.UTF8.GetBytes(text[..plain], output);
            text = text[plain..];
            if (!text.IsEmpty)
            {
                WriteEscape(text[0], output);
                text = text[1..];
            }
        }

        output.Write("\""u8);
    }

    private static int IndexOfEscaped(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or '"' or '\\')
            {
                return i;
            }
        }

        return text.Length;
    }

    private static void WriteEscape(char character, IBufferWriter<byte> output)
    {
        switch (character)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            default:
                output.Write("\\u00"u8);
                output.Write([HexDigit(character >> 4), HexDigit(character & 15)]);
                break;
        }
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
