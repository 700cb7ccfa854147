namespace Sage.Did.Ethereum;

/// <summary>What a log of the key registry or of the identity registry says about one agent.</summary>
/// <param name="AgentId">The agent.</param>
internal abstract record RegistryEvent(UInt256 AgentId)
{
    /// <summary>An event of the key registry: each counts the agent's version up by one.</summary>
    internal abstract record Versioned(UInt256 AgentId, ulong Version) : RegistryEvent(AgentId);

    /// <summary>A key was inserted at an index; what was there and after it moved up.</summary>
    internal sealed record KeyAdded(UInt256 AgentId, RegisteredKey Key, int Index, ulong Version) : Versioned(AgentId, Version);

    /// <summary>A key was taken out; what was after it moved down.</summary>
    internal sealed record KeyRevoked(UInt256 AgentId, EthereumHash KeyId, ulong Version) : Versioned(AgentId, Version);

    /// <summary>All keys are gone; those to come are of this owner.</summary>
    internal sealed record EpochStarted(UInt256 AgentId, EthereumAddress Owner, uint Epoch, ulong Version) : Versioned(AgentId, Version);

    /// <summary>The agent was activated or deactivated.</summary>
    internal sealed record ActiveSet(UInt256 AgentId, bool IsActive, ulong Version) : Versioned(AgentId, Version);

    /// <summary>The agent changed hands; from nobody when it was registered, to nobody when it was burned.</summary>
    internal sealed record Transfer(UInt256 AgentId, EthereumAddress From, EthereumAddress To) : RegistryEvent(AgentId);

    /// <summary>The agent's registration file is there; null when what was written is no usable text.</summary>
    internal sealed record UriSet(UInt256 AgentId, string? Uri) : RegistryEvent(AgentId);
}
