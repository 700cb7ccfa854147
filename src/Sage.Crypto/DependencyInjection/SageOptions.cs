namespace Sage.Crypto;

/// <summary>Who this agent is and where its keys are. Holds no secret.</summary>
public sealed class SageOptions
{
    /// <summary>The agent's own DID, at most 256 bytes; <see langword="null"/> for a process that has none.</summary>
    public string? Did { get; set; }

    /// <summary>Where the agent's keys are.</summary>
    public SageKeyStoreOptions KeyStore { get; } = new();
}
