using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Did.Ethereum;

namespace Sage.Fuzz;

/// <summary>What an Ethereum node answers over JSON-RPC.</summary>
internal static class EthereumRpcTargets
{
    private const int MaxSize = 1 << 20;
    private const ulong First = 5;

    private static readonly EthereumAddress Contract = EthereumAddress.Parse("0x00000000000000000000000000000000000e1009");
    private static readonly BlockHeader End = new(7, Word(7), Word(6), DateTimeOffset.UnixEpoch);
    private static readonly LogFilter Filter = new([Contract], [[], [Word(1), Word(2)]]);

    public static FuzzTarget[] All { get; } =
    [
        new("json-rpc", "an answer is for its request alone, and what a node says in an error is bounded and one line", Answer, "{\"jsonrpc\":\"2.0\",\"id\":1,", "\"result\":", "\"error\":{\"code\":-32000,\"message\":\"", "\"data\":\"Reverted 0x", "\"data\":{\"originalError\":", "\"id\":null", "\"0x", "null", "}}"),
        new("log", "logs are in range, in order, each once and as asked for; nothing else than a closed error comes of others", Logs, "\"address\":\"0x00000000000000000000000000000000000e1009\"", "\"topics\":[", "\"blockNumber\":\"0x5\"", "\"blockNumber\":\"0x7\"", "\"logIndex\":\"0x0\"", "\"logIndex\":\"0x1\"", "\"removed\":true", "\"removed\":false", "\"data\":\"0x", "[{", "},{", "}]"),
    ];

    private static EthereumHash Word(byte value) => EthereumHash.FromBytes([.. new byte[31], value]);

    private static void Answer(ReadOnlySpan<byte> input)
    {
        byte[] body = input.ToArray();
        if (RpcAnswer.TryRead(body, id: 1, MaxSize) is not { } answer)
        {
            return;
        }

        bool isForAnother = RpcAnswer.TryRead(body, id: 2, MaxSize) is not null;
        if (answer.Error is { } error)
        {
            Oracle.Holds(error.NodeMessage.Length <= RpcAnswer.MaxMessageLength && !error.NodeMessage.Any(char.IsControl), "the words of a node are too long or more than one line");
            Oracle.Holds(error.ErrorData.Length <= RpcAnswer.MaxErrorData, "the data of an error are over their limit");
            Oracle.Holds(error.Error == EthereumRpcError.Node && error.Code is not null, "an error has no code");
            return;
        }

        Oracle.Holds(!isForAnother, "a result is for two requests");
        Oracle.Holds(answer.Result.ValueKind != JsonValueKind.Undefined && answer.Result.GetRawText().Length > 0, "a result is none");
    }

    private static void Logs(ReadOnlySpan<byte> input)
    {
        if (!StrictJson.TryParse(input.ToArray(), MaxSize, out JsonDocument? document))
        {
            return;
        }

        using (document)
        {
            _ = BlockHeader.TryRead(document.RootElement);
            if (TransactionReceipt.TryRead(document.RootElement) is { } receipt)
            {
                Oracle.Holds(receipt.Logs.All(log => log.BlockHash == receipt.BlockHash), "a receipt has logs of another block");
            }

            CheckRange(document.RootElement);
        }
    }

    private static void CheckRange(JsonElement found)
    {
        List<EthereumLog>? logs;
        try
        {
            logs = LogRange.Read(found, Filter, First, End);
        }
        catch (EthereumRpcException exception) when (exception.Error == EthereumRpcError.InvalidResponse)
        {
            return;
        }

        if (logs is null)
        {
            return;
        }

        Oracle.Holds(logs.All(log => log.BlockNumber is >= First and <= 7 && Filter.Matches(log)), "a log was not asked for");
        Oracle.Holds(logs.All(log => log.BlockNumber != End.Number || log.BlockHash == End.Hash), "a log is of another branch");
        Oracle.Holds(logs.Zip(logs.Skip(1)).All(pair => (pair.First.BlockNumber, pair.First.LogIndex).CompareTo((pair.Second.BlockNumber, pair.Second.LogIndex)) < 0), "logs are out of order or there twice");
    }
}
