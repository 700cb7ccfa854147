namespace Sage.Did.Ethereum;

/// <summary>What a key of an agent is for, as the key registry stores it.</summary>
[Flags]
public enum AgentKeyPurposes
{
    /// <summary>Nothing; no key is registered so.</summary>
    None = 0,

    /// <summary>Signing for the agent (<c>authentication</c>).</summary>
    Authentication = 1,

    /// <summary>Making statements for the agent (<c>assertionMethod</c>).</summary>
    Assertion = 2,

    /// <summary>Agreeing on secrets (<c>keyAgreement</c>): X25519 keys, and they are for nothing else.</summary>
    KeyAgreement = 4,
}
