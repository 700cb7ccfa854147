namespace Sage.Did.Ethereum.Transactions;

/// <summary>Storage that a transaction announces it will touch (EIP-2930).</summary>
/// <param name="Address">The contract.</param>
/// <param name="StorageKeys">The slots.</param>
internal sealed record AccessListEntry(EthereumAddress Address, IReadOnlyList<UInt256> StorageKeys);
