namespace Sage.Did.Ethereum;

/// <summary>What the key registry said of an agent at one block.</summary>
/// <param name="Owner">Who owned it.</param>
/// <param name="IsActive">Whether its keys counted.</param>
/// <param name="Version">Counts the agent's events.</param>
/// <param name="Keys">The listed keys in order; none that was revoked.</param>
internal sealed record AgentState(EthereumAddress Owner, bool IsActive, ulong Version, IReadOnlyList<ChainKey> Keys);
