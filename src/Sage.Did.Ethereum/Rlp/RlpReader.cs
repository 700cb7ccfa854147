namespace Sage.Did.Ethereum.Rlp;

/// <summary>Reads items one after another, each only in its canonical form; nothing is allocated.</summary>
internal ref struct RlpReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    /// <summary>Whether every item has been read.</summary>
    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>Whether the next item is a list; <see langword="false"/> at the end and before a malformed item.</summary>
    public readonly bool IsAtList => RlpHeader.TryRead(rest, out RlpHeader header) && header.IsList;

    /// <summary>Reads a byte string.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value) => TryRead(isList: false, out value);

    /// <summary>Reads a byte string of exactly one length.</summary>
    public bool TryReadBytes(int length, out ReadOnlySpan<byte> value) => TryReadBytes(out value) && value.Length == length;

    /// <summary>Reads an integer of at most 32 bytes without leading zeros.</summary>
    public bool TryReadInteger(out UInt256 value)
    {
        value = default;
        if (!TryReadBytes(out ReadOnlySpan<byte> bytes) || bytes.Length > UInt256.Size || (bytes.Length > 0 && bytes[0] == 0))
        {
            return false;
        }

        value = UInt256.FromBigEndian(bytes);
        return true;
    }

    /// <summary>Reads an integer of at most 64 bits.</summary>
    public bool TryReadInteger(out ulong value)
    {
        value = 0;
        return TryReadInteger(out UInt256 wide) && wide.TryToUInt64(out value);
    }

    /// <summary>Reads a list; its items are read from <paramref name="items"/>.</summary>
    public bool TryReadList(out RlpReader items)
    {
        bool read = TryRead(isList: true, out ReadOnlySpan<byte> content);
        items = new RlpReader(content);
        return read;
    }

    private bool TryRead(bool isList, out ReadOnlySpan<byte> content)
    {
        if (!RlpHeader.TryRead(rest, out RlpHeader header) || header.IsList != isList)
        {
            content = default;
            return false;
        }

        content = rest.Slice(header.Size, header.ContentLength);
        rest = rest[(header.Size + header.ContentLength)..];
        return true;
    }
}
