namespace Sage.Did.Ethereum;

/// <summary>What one endpoint said of an agent: at a block that stays, and at the newest.</summary>
/// <param name="SettledBlock">The block that stays.</param>
/// <param name="Settled">The agent there, or null if there was none.</param>
/// <param name="HeadBlock">The newest block.</param>
/// <param name="Head">The agent there, or null if there was none.</param>
internal sealed record AgentSighting(BlockHeader SettledBlock, AgentState? Settled, BlockHeader HeadBlock, AgentState? Head);
