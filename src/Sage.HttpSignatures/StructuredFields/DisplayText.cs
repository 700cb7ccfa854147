using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The percent encoding of display strings (RFC 9651 §4.1.11, §4.2.10): lower-case hex of UTF-8.</summary>
internal static class DisplayText
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether what stands between the quotes decodes to UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<char> encoded) => TryDecode(encoded, out _);

    /// <summary>Decodes what <see cref="IsValid"/> accepts.</summary>
    public static string Decode(ReadOnlySpan<char> encoded)
    {
        TryDecode(encoded, out ReadOnlySpan<byte> utf8);
        return Encoding.UTF8.GetString(utf8);
    }

    /// <summary>Whether text can be UTF-8: it has no lone surrogate.</summary>
    public static bool IsEncodable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    public static bool IsPlain(byte octet) => octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%' and not (byte)'"';

    private static bool TryDecode(ReadOnlySpan<char> encoded, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        byte[] bytes = new byte[encoded.Length];
        int written = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                bytes[written++] = (byte)encoded[i];
                continue;
            }

            if (encoded.Length - i < 3 || encoded.Slice(i + 1, 2).ContainsAnyExcept(LowerHex))
            {
                return false;
            }

            bytes[written++] = (byte)((Digit(encoded[i + 1]) << 4) | Digit(encoded[i + 2]));
            i += 2;
        }

        utf8 = bytes.AsSpan(0, written);
        return Utf8.IsValid(utf8);
    }

    private static int Digit(char hex) => hex <= '9' ? hex - '0' : hex - 'a' + 10;
}
