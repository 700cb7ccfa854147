namespace Sage.Did.Ethereum;

/// <summary>Why a registry refuses a write. The set is closed.</summary>
public enum AgentRegistryError
{
    /// <summary>Something else than the errors below, as far as the node tells.</summary>
    Other,

    /// <summary>There is no such agent.</summary>
    NoSuchAgent,

    /// <summary>The account neither owns the agent nor is approved for it.</summary>
    NotAuthorized,

    /// <summary>The bytes are not the encoding of a usable key.</summary>
    MalformedKey,

    /// <summary>A key of this type cannot serve these purposes.</summary>
    InvalidPurposes,

    /// <summary>The proof is not the key's for this agent and its present owner.</summary>
    InvalidProof,

    /// <summary>The agent has or had this key; a key never returns.</summary>
    KeyAlreadyKnown,

    /// <summary>The agent does not have this key, or no longer.</summary>
    KeyNotActive,

    /// <summary>The agent would have more than 16 keys.</summary>
    TooManyKeys,

    /// <summary>The new owner is the zero address, or a contract that takes no agents.</summary>
    InvalidReceiver,
}
