using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>That a transaction is in a block, and what it did.</summary>
public sealed class TransactionReceipt
{
    private TransactionReceipt(EthereumHash transactionHash, EthereumHash blockHash, ulong blockNumber, bool isSuccess)
    {
        TransactionHash = transactionHash;
        BlockHash = blockHash;
        BlockNumber = blockNumber;
        IsSuccess = isSuccess;
    }

    /// <summary>The transaction.</summary>
    public EthereumHash TransactionHash { get; }

    /// <summary>The block that holds it.</summary>
    public EthereumHash BlockHash { get; }

    /// <summary>The number of that block.</summary>
    public ulong BlockNumber { get; }

    /// <summary>Whether it did what it should; otherwise it only cost gas.</summary>
    public bool IsSuccess { get; }

    /// <summary>The gas it used.</summary>
    public ulong GasUsed { get; private init; }

    /// <summary>What was paid per unit of gas, in wei.</summary>
    public UInt256 GasPrice { get; private init; }

    /// <summary>The contract it made, or <see langword="null"/>.</summary>
    public EthereumAddress? ContractAddress { get; private init; }

    /// <summary>The logs it wrote.</summary>
    public IReadOnlyList<EthereumLog> Logs { get; private init; } = [];

    internal static TransactionReceipt? TryRead(JsonElement receipt)
    {
        if (!RpcHex.TryReadText(receipt, "transactionHash", out string? hashText)
            || !EthereumHash.TryParse(hashText, out EthereumHash hash)
            || !RpcHex.TryReadText(receipt, "blockHash", out string? blockText)
            || !EthereumHash.TryParse(blockText, out EthereumHash block)
            || !RpcHex.TryReadText(receipt, "blockNumber", out string? numberText)
            || !RpcHex.TryReadQuantity(numberText, out ulong number)
            || !RpcHex.TryReadText(receipt, "status", out string? status)
            || status is not ("0x0" or "0x1")
            || !RpcHex.TryReadText(receipt, "gasUsed", out string? gasText)
            || !RpcHex.TryReadQuantity(gasText, out ulong gas)
            || !RpcHex.TryReadText(receipt, "effectiveGasPrice", out string? priceText)
            || !UInt256.TryParseQuantity(priceText, out UInt256 price)
            || !TryReadContract(receipt, out EthereumAddress? contract)
            || !TryReadLogs(receipt, block, out List<EthereumLog> logs))
        {
            return null;
        }

        return new TransactionReceipt(hash, block, number, status == "0x1") { GasUsed = gas, GasPrice = price, ContractAddress = contract, Logs = logs };
    }

    private static bool TryReadContract(JsonElement receipt, out EthereumAddress? contract)
    {
        contract = null;
        if (!receipt.TryGetProperty("contractAddress", out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        bool isAddress = member.ValueKind == JsonValueKind.String && EthereumLog.TryReadAddress(member.GetString(), out EthereumAddress address) && (contract = address) is not null;
        return isAddress;
    }

    private static bool TryReadLogs(JsonElement receipt, EthereumHash block, out List<EthereumLog> logs)
    {
        logs = [];
        if (!receipt.TryGetProperty("logs", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (JsonElement element in list.EnumerateArray())
        {
            if (EthereumLog.TryRead(element, out _) is not { } log || log.BlockHash != block)
            {
                return false;
            }

            logs.Add(log);
        }

        return true;
    }
}
