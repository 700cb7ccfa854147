using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Crypto.Internal;

/// <summary>Base64 (RFC 4648) without leniency: exact alphabet, exact padding, no white space, zero pad bits.</summary>
internal static class StrictBase64
{
    private static readonly SearchValues<char> Standard =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static readonly SearchValues<byte> StandardUtf8 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private static readonly SearchValues<char> Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes the standard alphabet with its padding.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        int size = DecodedSize(WithoutPadding(text).Length);
        bytes = size <= maxBytes ? new byte[size] : null;
        if (bytes is not null && !TryDecode(text, bytes, out _))
        {
            bytes = null;
        }

        return bytes is not null;
    }

    /// <summary>Whether text is of the standard alphabet with its padding, so that its bytes have no other text.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> data = WithoutPadding(text);
        return text.Length % 4 == 0 && !data.ContainsAnyExcept(Standard) && HasZeroPadBits(data);
    }

    /// <summary>Decodes the standard alphabet with its padding into memory of the caller; false if that is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        return DecodedSize(WithoutPadding(text).Length) <= destination.Length
            && IsValid(text)
            && Convert.TryFromBase64Chars(text, destination, out written);
    }

    /// <summary>Decodes the standard alphabet with its padding, from UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        int padding = utf8.EndsWith("=="u8) ? 2 : utf8.EndsWith("="u8) ? 1 : 0;
        ReadOnlySpan<byte> data = utf8[..^padding];
        if (utf8.Length % 4 != 0 || DecodedSize(data.Length) > maxBytes || data.ContainsAnyExcept(StandardUtf8)
            || !HasZeroPadBits(data.Length, data.IsEmpty ? 'A' : (char)data[^1]))
        {
            return false;
        }

        byte[] decoded = new byte[DecodedSize(data.Length)];
        if (Base64.DecodeFromUtf8(utf8, decoded, out _, out int written) != OperationStatus.Done || written != decoded.Length)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>Decodes the URL-safe alphabet without padding.</summary>
    public static bool TryDecodeUrl(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        int size = DecodedSize(text.Length);
        bytes = size <= maxBytes ? new byte[size] : null;
        if (bytes is not null && !TryDecodeUrl(text, bytes, out _))
        {
            bytes = null;
        }

        return bytes is not null;
    }

    /// <summary>Decodes the URL-safe alphabet without padding into memory of the caller; false if that is too short.</summary>
    public static bool TryDecodeUrl(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        return text.Length % 4 != 1
            && DecodedSize(text.Length) <= destination.Length
            && !text.ContainsAnyExcept(Url)
            && HasZeroPadBits(text)
            && Base64Url.TryDecodeFromChars(text, destination, out written);
    }

    /// <summary>Encodes to the URL-safe alphabet without padding.</summary>
    public static string EncodeUrl(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static ReadOnlySpan<char> WithoutPadding(ReadOnlySpan<char> text) =>
        text[..^(text.EndsWith("==") ? 2 : text.EndsWith("=") ? 1 : 0)];

    private static int DecodedSize(int characters) => (int)((long)characters * 3 / 4);

    private static bool HasZeroPadBits(ReadOnlySpan<char> data) => HasZeroPadBits(data.Length, data.IsEmpty ? 'A' : data[^1]);

    private static bool HasZeroPadBits(int length, char last) => (length % 4) switch
    {
        2 => (Value(last) & 15) == 0,
        3 => (Value(last) & 3) == 0,
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
