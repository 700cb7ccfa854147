using System.Text;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Query parameters as RFC 9421 §2.2.8 signs them: decoded as a form (WHATWG URL §5.1) and encoded again, a space as %20.</summary>
internal static class QueryParameters
{
    // Whoever signs a parameter has short ones; what is longer can be covered through @query.
    private const int LongestQuery = 16 * 1024;

    /// <summary>Appends the value of the one parameter whose encoded name is asked for.</summary>
    public static SignatureError Write(ReadOnlySpan<char> query, string encodedName, ref SignatureBaseWriter writer)
    {
        if (query.Length > LongestQuery)
        {
            return SignatureError.SignatureBaseTooLarge;
        }

        bool found = false;
        string value = string.Empty;
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
            if (!string.Equals(Recode(name), encodedName, StringComparison.Ordinal))
            {
                continue;
            }

            if (found)
            {
                // Which of two would the application read? So neither can be signed.
                return SignatureError.AmbiguousQueryParam;
            }

            found = true;
            value = equals < 0 ? string.Empty : Recode(pair[(equals + 1)..]);
        }

        if (!found)
        {
            return SignatureError.ComponentMissing;
        }

        writer.Append(value);
        return SignatureError.None;
    }

    /// <summary>Percent-encodes decoded text.</summary>
    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Recode(ReadOnlySpan<char> text)
    {
        using GrowingBuffer<byte> decoded = new(stackalloc byte[128]);
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '+')
            {
                decoded.Add((byte)' ');
            }
            else if (character == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                decoded.Add((byte)((Convert.FromHexString(text.Slice(i + 1, 2)))[0]));
                i += 2;
            }
            else if (Rune.DecodeFromUtf16(text[i..], out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done)
            {
                decoded.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                i += consumed - 1;
            }
            else
            {
                decoded.AddRange("\ufffd"u8);
            }
        }

        // Octets that are no UTF-8 become U+FFFD, as the form decoder of WHATWG does.
        return Encode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(decoded.Written)));
    }

    // The application/x-www-form-urlencoded percent-encode set: what is not a letter, a digit or one of "*-._".
    private static string Encode(ReadOnlySpan<byte> octets)
    {
        StringBuilder text = new(octets.Length);
        foreach (byte octet in octets)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'*' or (byte)'-' or (byte)'.' or (byte)'_')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('%').Append(octet.ToString("X2", null));
            }
        }

        return text.ToString();
    }
}
