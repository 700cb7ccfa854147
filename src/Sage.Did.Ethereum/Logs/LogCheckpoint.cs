namespace Sage.Did.Ethereum;

/// <summary>A block whose logs, and those of all blocks before it, are read.</summary>
/// <param name="Number">The number of the block.</param>
/// <param name="Hash">The hash of the block, by which it is known again.</param>
public readonly record struct LogCheckpoint(ulong Number, EthereumHash Hash);
