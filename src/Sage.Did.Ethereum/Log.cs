using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>The log of this package: event ids 7000 to 7999. Hosts, methods and hashes; never a URL (it may hold an API key), parameters or a transaction's bytes.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Debug, "{Host} answered {Method} with {Bytes} bytes in {Milliseconds:0.0} ms")]
    public static partial void Answered(ILogger logger, string method, string host, int bytes, double milliseconds);

    [LoggerMessage(7001, LogLevel.Warning, "{Host} did not answer {Method} ({Error}, status {Status}); attempt {Attempt} of {Attempts}, the next in {Pause}")]
    public static partial void Retrying(ILogger logger, string method, string host, EthereumRpcError error, int? status, int attempt, int attempts, TimeSpan pause);

    [LoggerMessage(7050, LogLevel.Debug, "The node could not give the logs of {Blocks} blocks ({Error}, code {Code}); asking for half")]
    public static partial void Halving(ILogger logger, ulong blocks, EthereumRpcError error, int? code);

    [LoggerMessage(7051, LogLevel.Warning, "A reorganisation took blocks away: read up to {Next}, going back to {Back}")]
    public static partial void Rewound(ILogger logger, ulong next, ulong back);

    [LoggerMessage(7200, LogLevel.Information, "Sent the transaction {Hash} with nonce {Nonce}: {Result}")]
    public static partial void Broadcast(ILogger logger, ulong nonce, EthereumHash hash, BroadcastResult result);

    [LoggerMessage(7201, LogLevel.Warning, "Not known whether the node has the transaction {Hash} ({Error}, code {Code}); attempt {Attempt} of {Attempts}")]
    public static partial void BroadcastUncertain(ILogger logger, EthereumHash hash, EthereumRpcError error, int? code, int attempt, int attempts);

    [LoggerMessage(7202, LogLevel.Information, "Settled the earlier transaction {Hash} with nonce {Nonce}: {Result}")]
    public static partial void Settled(ILogger logger, ulong nonce, EthereumHash hash, BroadcastResult result);

    [LoggerMessage(7203, LogLevel.Warning, "The node had lost the transaction {Hash} with nonce {Nonce}; sent it again")]
    public static partial void SentAgain(ILogger logger, ulong nonce, EthereumHash hash);

    [LoggerMessage(7204, LogLevel.Information, "Replaced the transaction with nonce {Nonce} by {Hash}, which pays more: {Result}")]
    public static partial void Replaced(ILogger logger, ulong nonce, EthereumHash hash, BroadcastResult result);

    [LoggerMessage(7205, LogLevel.Warning, "A reorganisation took the transaction {Hash} with nonce {Nonce} out of the block {Block}")]
    public static partial void ReceiptVanished(ILogger logger, ulong nonce, EthereumHash hash, EthereumHash block);
}
