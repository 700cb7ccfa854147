using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>A log that a contract wrote in a block.</summary>
public sealed class EthereumLog
{
    /// <summary>The most topics a log has.</summary>
    public const int MaxTopics = 4;

    private EthereumLog(EthereumAddress address, EthereumHash[] topics, byte[] data, ulong blockNumber, EthereumHash blockHash, EthereumHash transactionHash, ulong logIndex)
    {
        Address = address;
        Topics = topics;
        Data = data;
        BlockNumber = blockNumber;
        BlockHash = blockHash;
        TransactionHash = transactionHash;
        LogIndex = logIndex;
    }

    /// <summary>The contract.</summary>
    public EthereumAddress Address { get; }

    /// <summary>0 to 4 topics; the first is the hash of the event's signature, unless the event is anonymous.</summary>
    public IReadOnlyList<EthereumHash> Topics { get; }

    /// <summary>The arguments that are not indexed.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The number of the block.</summary>
    public ulong BlockNumber { get; }

    /// <summary>The hash of the block.</summary>
    public EthereumHash BlockHash { get; }

    /// <summary>The transaction.</summary>
    public EthereumHash TransactionHash { get; }

    /// <summary>The log's place among the logs of its block, from 0.</summary>
    public ulong LogIndex { get; }

    /// <summary>Reads a log that is in a block; null when it does not have its form.</summary>
    /// <param name="log">An object of <c>eth_getLogs</c> or of a receipt.</param>
    /// <param name="isRemoved">Whether the node says that a reorganisation took it away.</param>
    internal static EthereumLog? TryRead(JsonElement log, out bool isRemoved)
    {
        isRemoved = false;
        if (!RpcHex.TryReadText(log, "address", out string? addressText)
            || !TryReadAddress(addressText, out EthereumAddress address)
            || !log.TryGetProperty("topics", out JsonElement topicList)
            || topicList.ValueKind != JsonValueKind.Array
            || topicList.GetArrayLength() > MaxTopics
            || !RpcHex.TryReadText(log, "data", out string? dataText)
            || !RpcHex.TryReadBytes(dataText, out byte[] data)
            || !RpcHex.TryReadText(log, "blockNumber", out string? numberText)
            || !RpcHex.TryReadQuantity(numberText, out ulong number)
            || !RpcHex.TryReadText(log, "blockHash", out string? blockText)
            || !EthereumHash.TryParse(blockText, out EthereumHash block)
            || !RpcHex.TryReadText(log, "transactionHash", out string? transactionText)
            || !EthereumHash.TryParse(transactionText, out EthereumHash transaction)
            || !RpcHex.TryReadText(log, "logIndex", out string? indexText)
            || !RpcHex.TryReadQuantity(indexText, out ulong index))
        {
            return null;
        }

        EthereumHash[] topics = new EthereumHash[topicList.GetArrayLength()];
        for (int i = 0; i < topics.Length; i++)
        {
            if (topicList[i].ValueKind != JsonValueKind.String || !EthereumHash.TryParse(topicList[i].GetString(), out topics[i]))
            {
                return null;
            }
        }

        if (log.TryGetProperty("removed", out JsonElement removed))
        {
            if (removed.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }

            isRemoved = removed.GetBoolean();
        }

        return new EthereumLog(address, topics, data, number, block, transaction, index);
    }

    // Nodes write addresses in any case; a checksum would be theirs, not a writer's.
    internal static bool TryReadAddress(ReadOnlySpan<char> text, out EthereumAddress address)
    {
        Span<byte> bytes = stackalloc byte[EthereumAddress.Size];
        bool isAddress = RpcHex.TryReadBytes(text, bytes);
        address = isAddress ? EthereumAddress.FromBytes(bytes) : default;
        return isAddress;
    }
}
