using System.Buffers.Binary;

namespace Sage.Did.Ethereum.Rlp;

/// <summary>The prefix of one item: what it is and how long its content is.</summary>
/// <param name="IsList">Whether the content is a list of items.</param>
/// <param name="Size">Length of the prefix, in bytes; 0 for a single byte that is its own content.</param>
/// <param name="ContentLength">Length of the content, in bytes.</param>
internal readonly record struct RlpHeader(bool IsList, int Size, int ContentLength)
{
    /// <summary>The longest prefix that <see cref="Write"/> makes, in bytes.</summary>
    public const int MaximumSize = 5;

    private const int LongestShortLength = 55;

    /// <summary>Writes a prefix.</summary>
    /// <param name="destination">Receives at most <see cref="MaximumSize"/> bytes.</param>
    /// <param name="kind">0x80 for a byte string, 0xC0 for a list.</param>
    /// <param name="contentLength">Length of the content, in bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> destination, byte kind, int contentLength)
    {
        if (contentLength <= LongestShortLength)
        {
            destination[0] = (byte)(kind + contentLength);
            return 1;
        }

        Span<byte> digits = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(digits, contentLength);
        ReadOnlySpan<byte> shortest = digits.TrimStart((byte)0);
        destination[0] = (byte)(kind + LongestShortLength + shortest.Length);
        shortest.CopyTo(destination[1..]);
        return 1 + shortest.Length;
    }

    /// <summary>Reads a prefix in its only canonical form, whose content lies within the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out RlpHeader header)
    {
        header = default;
        if (data.IsEmpty)
        {
            return false;
        }

        byte first = data[0];
        if (first < 0x80)
        {
            header = new RlpHeader(false, 0, 1);
            return true;
        }

        bool isList = first >= 0xC0;
        int code = first - (isList ? 0xC0 : 0x80);
        if (code > LongestShortLength)
        {
            return TryReadLong(data, isList, code - LongestShortLength, out header);
        }

        // A byte below 0x80 is its own encoding.
        if (code > data.Length - 1 || (!isList && code == 1 && data[1] < 0x80))
        {
            return false;
        }

        header = new RlpHeader(isList, 1, code);
        return true;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> data, bool isList, int lengthOfLength, out RlpHeader header)
    {
        header = default;
        if (lengthOfLength > data.Length - 1 || lengthOfLength > 4 || data[1] == 0)
        {
            return false;
        }

        uint length = 0;
        foreach (byte digit in data.Slice(1, lengthOfLength))
        {
            length = (length << 8) | digit;
        }

        int size = 1 + lengthOfLength;
        if (length <= LongestShortLength || length > data.Length - size)
        {
            return false;
        }

        header = new RlpHeader(isList, size, (int)length);
        return true;
    }
}
