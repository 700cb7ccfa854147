namespace Sage.Did.Ethereum;

/// <summary>An agent as a mirror knows it. Immutable.</summary>
public sealed class MirroredAgent
{
    internal MirroredAgent(UInt256 agentId, AgentDid did, AgentProjection settled, DidDocument? document)
    {
        AgentId = agentId;
        Did = did;
        Owner = settled.Owner;
        Version = settled.Version;
        Uri = settled.Uri;
        Document = document;
    }

    /// <summary>The agent's token in the identity registry.</summary>
    public UInt256 AgentId { get; }

    /// <summary>The agent's DID.</summary>
    public AgentDid Did { get; }

    /// <summary>Who owned it at the last settled block.</summary>
    public EthereumAddress Owner { get; }

    /// <summary>How often its keys were written, until the last settled block.</summary>
    public ulong Version { get; }

    /// <summary>
    /// Where its registration file is (ERC-8004), at most 2,048 bytes; <see langword="null"/> if it said nothing, more, or no text. What a
    /// stranger wrote: check it before it is fetched.
    /// </summary>
    public string? Uri { get; }

    /// <summary>Its keys; <see langword="null"/> if it does not resolve.</summary>
    public DidDocument? Document { get; }
}
