using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum.Rlp;

/// <summary>An item of unknown shape: a byte string, or a list of items.</summary>
internal sealed class RlpItem
{
    /// <summary>How deep lists may lie in each other.</summary>
    public const int MaximumDepth = 32;

    /// <summary>How many items are read at most, so that a list of single bytes does not cost many times its size.</summary>
    public const int MaximumItems = 65_536;

    private RlpItem(byte[] bytes, IReadOnlyList<RlpItem>? items)
    {
        Bytes = bytes;
        Items = items;
    }

    /// <summary>The content of a byte string; empty for a list.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The items of a list; null for a byte string.</summary>
    public IReadOnlyList<RlpItem>? Items { get; }

    public static RlpItem Of(ReadOnlySpan<byte> bytes) => new(bytes.ToArray(), null);

    public static RlpItem List(params IReadOnlyList<RlpItem> items) => new([], items);

    /// <summary>Reads exactly one item in canonical form, within <see cref="MaximumDepth"/> and <see cref="MaximumItems"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RlpItem? item)
    {
        RlpReader reader = new(data);
        int left = MaximumItems;
        if (TryRead(ref reader, 0, ref left, out item) && reader.IsAtEnd)
        {
            return true;
        }

        item = null;
        return false;
    }

    public byte[] Encode()
    {
        RlpWriter writer = new();
        WriteTo(writer);
        return writer.ToArray();
    }

    private static bool TryRead(ref RlpReader reader, int depth, ref int left, [NotNullWhen(true)] out RlpItem? item)
    {
        item = null;
        if (left-- == 0)
        {
            return false;
        }

        if (!reader.IsAtList)
        {
            bool read = reader.TryReadBytes(out ReadOnlySpan<byte> bytes);
            item = read ? Of(bytes) : null;
            return read;
        }

        if (depth == MaximumDepth || !reader.TryReadList(out RlpReader inner))
        {
            return false;
        }

        List<RlpItem> items = [];
        while (!inner.IsAtEnd)
        {
            if (!TryRead(ref inner, depth + 1, ref left, out RlpItem? next))
            {
                return false;
            }

            items.Add(next);
        }

        item = List(items);
        return true;
    }

    private void WriteTo(RlpWriter writer)
    {
        if (Items is null)
        {
            writer.Bytes(Bytes.Span);
            return;
        }

        writer.BeginList();
        foreach (RlpItem item in Items)
        {
            item.WriteTo(writer);
        }

        writer.EndList();
    }
}
