using System.Diagnostics.CodeAnalysis;

namespace Sage.Crypto.Internal;

/// <summary>Base58 with the Bitcoin alphabet; each leading zero byte is one leading '1'. Quadratic, so always bounded.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        int zeros = bytes.IndexOfAnyExcept((byte)0) is var at and >= 0 ? at : bytes.Length;
        // log(256) / log(58) < 1.366
        byte[] digits = new byte[(bytes.Length - zeros) * 1366 / 1000 + 1];
        int used = 0;
        foreach (byte value in bytes[zeros..])
        {
            int carry = value;
            for (int i = 0; i < used || carry > 0; i++)
            {
                carry += digits[i] << 8;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
                used = Math.Max(used, i + 1);
            }
        }

        char[] text = new char[zeros + used];
        Array.Fill(text, '1', 0, zeros);
        for (int i = 0; i < used; i++)
        {
            text[zeros + i] = Alphabet[digits[used - 1 - i]];
        }

        return new string(text);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        // A byte needs at most 1.366 characters, so longer text cannot fit; this bounds the work before any is done.
        if (text.Length > (long)maxBytes * 1366 / 1000 + 1)
        {
            return false;
        }

        int zeros = text.IndexOfAnyExcept('1') is var at and >= 0 ? at : text.Length;
        byte[] reversed = new byte[text.Length];
        int used = 0;
        foreach (char character in text[zeros..])
        {
            int carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            for (int i = 0; i < used || carry > 0; i++)
            {
                carry += reversed[i] * 58;
                reversed[i] = (byte)carry;
                carry >>= 8;
                used = Math.Max(used, i + 1);
            }
        }

        if (zeros + used > maxBytes)
        {
            return false;
        }

        bytes = new byte[zeros + used];
        for (int i = 0; i < used; i++)
        {
            bytes[zeros + i] = reversed[used - 1 - i];
        }

        return true;
    }
}
