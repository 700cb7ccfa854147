using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>What of a block matters for reading state at it.</summary>
public sealed class BlockHeader
{
    // The year 9999: beyond it there is no DateTimeOffset.
    private const ulong LastSecond = 253402300799;

    internal BlockHeader(ulong number, EthereumHash hash, EthereumHash parentHash, DateTimeOffset timestamp)
    {
        Number = number;
        Hash = hash;
        ParentHash = parentHash;
        Timestamp = timestamp;
    }

    /// <summary>The number.</summary>
    public ulong Number { get; }

    /// <summary>The hash, as the node says; it is not computed from the header.</summary>
    public EthereumHash Hash { get; }

    /// <summary>The hash of the block before.</summary>
    public EthereumHash ParentHash { get; }

    /// <summary>When the block was made, by its maker's clock, to the second.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Number and hash.</summary>
    public override string ToString() => $"{Number} ({Hash})";

    internal static BlockHeader? TryRead(JsonElement block) =>
        RpcHex.TryReadText(block, "number", out string? number) && RpcHex.TryReadQuantity(number, out ulong height)
        && RpcHex.TryReadText(block, "hash", out string? hashText) && EthereumHash.TryParse(hashText, out EthereumHash hash)
        && RpcHex.TryReadText(block, "parentHash", out string? parentText) && EthereumHash.TryParse(parentText, out EthereumHash parent)
        && RpcHex.TryReadText(block, "timestamp", out string? timeText) && RpcHex.TryReadQuantity(timeText, out ulong seconds) && seconds <= LastSecond
            ? new BlockHeader(height, hash, parent, DateTimeOffset.FromUnixTimeSeconds((long)seconds))
            : null;
}
