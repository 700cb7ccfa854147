using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Crypto.Internal;

/// <summary>Base64 (RFC 4648) without leniency: exact alphabet, exact padding, no white space, zero pad bits.</summary>
internal static class StrictBase64
{
    private static readonly SearchValues<char> Standard =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static readonly SearchValues<char> Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes the standard alphabet with its padding.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        int padding = text.EndsWith("==") ? 2 : text.EndsWith("=") ? 1 : 0;
        ReadOnlySpan<char> data = text[..^padding];
        if (text.Length % 4 != 0 || DecodedSize(data.Length) > maxBytes || data.ContainsAnyExcept(Standard) || !HasZeroPadBits(data))
        {
            return false;
        }

        byte[] decoded = new byte[DecodedSize(data.Length)];
        if (!Convert.TryFromBase64Chars(text, decoded, out int written) || written != decoded.Length)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>Decodes the URL-safe alphabet without padding.</summary>
    public static bool TryDecodeUrl(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || DecodedSize(text.Length) > maxBytes || text.ContainsAnyExcept(Url) || !HasZeroPadBits(text))
        {
            return false;
        }

        byte[] decoded = new byte[DecodedSize(text.Length)];
        if (!Base64Url.TryDecodeFromChars(text, decoded, out int written) || written != decoded.Length)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>Encodes to the URL-safe alphabet without padding.</summary>
    public static string EncodeUrl(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static int DecodedSize(int characters) => (int)((long)characters * 3 / 4);

    private static bool HasZeroPadBits(ReadOnlySpan<char> data) => (data.Length % 4) switch
    {
        2 => (Value(data[^1]) & 15) == 0,
        3 => (Value(data[^1]) & 3) == 0,
        _ => true,
    };

    private static int Value(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' or '-' => 62,
        _ => 63,
    };
}
