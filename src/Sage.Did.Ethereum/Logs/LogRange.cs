using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>What <c>eth_getLogs</c> gave for a range of blocks.</summary>
internal static class LogRange
{
    /// <summary>Reads the logs, each once and in order; null when they are of more than one branch of the chain.</summary>
    /// <exception cref="EthereumRpcException">The node gave something else than was asked for.</exception>
    public static List<EthereumLog>? Read(JsonElement found, LogFilter filter, ulong first, BlockHeader end)
    {
        if (found.ValueKind != JsonValueKind.Array)
        {
            throw Invalid();
        }

        List<EthereumLog> logs = [];
        HashSet<(EthereumHash, ulong)> seen = [];
        Dictionary<ulong, EthereumHash> blocks = new() { [end.Number] = end.Hash };
        foreach (JsonElement element in found.EnumerateArray())
        {
            EthereumLog log = EthereumLog.TryRead(element, out bool isRemoved) ?? throw Invalid();
            if (isRemoved)
            {
                continue;
            }

            if (log.BlockNumber < first || log.BlockNumber > end.Number || !filter.Matches(log))
            {
                throw Invalid();
            }

            if (!blocks.TryAdd(log.BlockNumber, log.BlockHash) && blocks[log.BlockNumber] != log.BlockHash)
            {
                return null;
            }

            if (seen.Add((log.BlockHash, log.LogIndex)))
            {
                logs.Add(log);
            }
        }

        logs.Sort(static (left, right) => (left.BlockNumber, left.LogIndex).CompareTo((right.BlockNumber, right.LogIndex)));
        return logs;
    }

    private static EthereumRpcException Invalid() => new(EthereumRpcError.InvalidResponse, "The logs are not those asked for, or do not have their form.");
}
