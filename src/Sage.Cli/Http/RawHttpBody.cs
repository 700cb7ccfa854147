using System.Globalization;

namespace Sage.Cli;

/// <summary>Finds the body of a message (RFC 9112 §6) and takes it out of its chunks.</summary>
internal static class RawHttpBody
{
    // A size of eight digits cannot overflow; a line with more than this is no chunk header that anyone sends.
    private const int LongestSize = 8;
    private const int LongestChunkHeader = 1024;

    /// <param name="message">The whole message.</param>
    /// <param name="start">Where the body begins.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="isResponse">Whether a body of unknown length goes to the end.</param>
    /// <param name="hasNone">Whether there is none whatever the fields say.</param>
    /// <param name="trailers">Receives the trailers; the limit counts them with the fields.</param>
    /// <param name="body">The body.</param>
    public static RawHttpError Read(
        ReadOnlyMemory<byte> message,
        int start,
        List<RawHttpField> fields,
        bool isResponse,
        bool hasNone,
        List<RawHttpField> trailers,
        out ReadOnlyMemory<byte> body)
    {
        body = default;
        List<RawHttpField> codings = Named(fields, "transfer-encoding");
        List<RawHttpField> lengths = Named(fields, "content-length");
        if (codings.Count > 0 && (codings.Count > 1 || lengths.Count > 0 || !codings[0].Value.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return RawHttpError.InvalidTransferEncoding;
        }

        int announced = 0;
        if (lengths.Count > 1 || (lengths.Count == 1 && !TryReadLength(lengths[0].Value, out announced)))
        {
            return RawHttpError.InvalidContentLength;
        }

        ReadOnlyMemory<byte> rest = message[start..];
        if (hasNone)
        {
            return rest.IsEmpty ? RawHttpError.None : RawHttpError.TrailingData;
        }

        if (codings.Count > 0)
        {
            return ReadChunks(message.Span, start, fields.Count, trailers, out body);
        }

        if (lengths.Count == 0)
        {
            announced = isResponse ? rest.Length : 0;
        }

        if (announced > RawHttpMessage.MaxBodySize)
        {
            return RawHttpError.BodyTooLarge;
        }

        if (rest.Length != announced)
        {
            return rest.Length < announced ? RawHttpError.BodyIncomplete : RawHttpError.TrailingData;
        }

        body = rest;
        return RawHttpError.None;
    }

    private static RawHttpError ReadChunks(ReadOnlySpan<byte> message, int start, int fieldCount, List<RawHttpField> trailers, out ReadOnlyMemory<byte> body)
    {
        body = default;
        using MemoryStream content = new();
        RawHttpLines lines = new(message, start);
        for (; ; )
        {
            if (!lines.TryRead(LongestChunkHeader, out ReadOnlySpan<byte> header))
            {
                return lines.Rest.Length < LongestChunkHeader ? RawHttpError.BodyIncomplete : RawHttpError.InvalidChunk;
            }

            if (!TryReadSize(header, out int size))
            {
                return RawHttpError.InvalidChunk;
            }

            if (size == 0)
            {
                break;
            }

            if (size > RawHttpMessage.MaxBodySize - content.Length)
            {
                return RawHttpError.BodyTooLarge;
            }

            if (lines.Rest.Length < size)
            {
                return RawHttpError.BodyIncomplete;
            }

            content.Write(lines.Rest[..size]);
            lines.Skip(size);
            if (!lines.TryRead(2, out ReadOnlySpan<byte> end))
            {
                return lines.Rest.Length < 2 ? RawHttpError.BodyIncomplete : RawHttpError.InvalidChunk;
            }

            if (!end.IsEmpty)
            {
                return RawHttpError.InvalidChunk;
            }
        }

        List<RawHttpField> all = [];
        RawHttpError error = lines.ReadFields(all, lines.Position, out _);
        if (error != RawHttpError.None)
        {
            return error;
        }

        if (all.Count > RawHttpMessage.MaxFields - fieldCount)
        {
            return RawHttpError.TooManyFields;
        }

        if (!lines.Rest.IsEmpty)
        {
            return RawHttpError.TrailingData;
        }

        trailers.AddRange(all);
        body = content.ToArray();
        return RawHttpError.None;
    }

    private static List<RawHttpField> Named(List<RawHttpField> fields, string name) =>
        fields.FindAll(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool TryReadLength(string text, out int length)
    {
        bool read = text.Length is > 0 and < 20 && text.All(char.IsAsciiDigit);
        length = read ? (int)Math.Min(ulong.Parse(text, CultureInfo.InvariantCulture), int.MaxValue) : 0;
        return read;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> header, out int size)
    {
        // Extensions of a chunk mean nothing here (RFC 9112 §7.1.1).
        int end = header.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = (end < 0 ? header : header[..end]).TrimEnd(" \t"u8);
        size = 0;
        if (digits.Length is 0 or > LongestSize || header.IndexOfAnyInRange((byte)0, (byte)8) >= 0 || header.Contains((byte)'\r'))
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            size = (int)Math.Min(((long)size * 16) + Convert.ToInt32(((char)digit).ToString(), 16), int.MaxValue);
        }

        return true;
    }
}
