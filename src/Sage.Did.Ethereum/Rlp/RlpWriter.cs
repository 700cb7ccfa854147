namespace Sage.Did.Ethereum.Rlp;

/// <summary>Writes recursive length prefixes (RLP, Ethereum yellow paper appendix B): byte strings and lists of them.</summary>
internal sealed class RlpWriter
{
    private readonly Stack<int> open = new();
    private byte[] buffer = new byte[256];
    private int length;

    /// <summary>Writes a byte string.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        if (value.Length == 1 && value[0] < 0x80)
        {
            Append(value);
            return;
        }

        Span<byte> header = stackalloc byte[RlpHeader.MaximumSize];
        Append(header[..RlpHeader.Write(header, 0x80, value.Length)]);
        Append(value);
    }

    /// <summary>Writes an integer: big-endian without leading zeros, zero as the empty string.</summary>
    public void Integer(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[UInt256.Size];
        value.WriteBigEndian(bytes);
        Bytes(bytes[^value.ByteCount..]);
    }

    /// <summary>Begins a list; what follows is in it until <see cref="EndList"/>.</summary>
    public void BeginList() => open.Push(length);

    /// <summary>Ends the list begun last.</summary>
    public void EndList()
    {
        int start = open.Pop();
        int content = length - start;
        Span<byte> header = stackalloc byte[RlpHeader.MaximumSize];
        int size = RlpHeader.Write(header, 0xC0, content);
        Append(header[..size]);
        buffer.AsSpan(start, content).CopyTo(buffer.AsSpan(start + size));
        header[..size].CopyTo(buffer.AsSpan(start));
    }

    /// <summary>Everything written.</summary>
    /// <exception cref="InvalidOperationException">A list is not ended.</exception>
    public byte[] ToArray() => open.Count == 0 ? buffer.AsSpan(0, length).ToArray() : throw new InvalidOperationException("A list is not ended.");

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int needed = checked(length + bytes.Length);
        if (needed > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(needed, (int)Math.Min(Array.MaxLength, 2L * buffer.Length)));
        }

        bytes.CopyTo(buffer.AsSpan(length));
        length = needed;
    }
}
