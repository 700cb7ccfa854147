using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>Reads one PEM block (RFC 7468) and nothing around it but line breaks, spaces and tabs.</summary>
internal static class PemReader
{
    /// <summary>Decodes the block if it has the label and fits into <paramref name="der"/>, which the caller zeroes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> label, Span<byte> der, out int written)
    {
        written = 0;
        if (!PemEncoding.TryFindUtf8(utf8, out PemFields fields)
            || !Bytes.PublicEquals(utf8[fields.Label], label)
            || !IsBlank(utf8[..fields.Location.Start])
            || !IsBlank(utf8[fields.Location.End..]))
        {
            return false;
        }

        Span<char> text = stackalloc char[(der.Length + 2) / 3 * 4];
        try
        {
            return TryJoinLines(utf8[fields.Base64Data], text, out int length) && StrictBase64.TryDecode(text[..length], der, out written);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static bool TryJoinLines(ReadOnlySpan<byte> lines, Span<char> text, out int length)
    {
        length = 0;
        foreach (byte character in lines)
        {
            if (character is (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            if (length == text.Length)
            {
                return false;
            }

            text[length++] = (char)character;
        }

        return true;
    }
}
