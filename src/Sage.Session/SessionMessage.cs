using Sage.Did;

namespace Sage.Session;

/// <summary>A decrypted message of a verified peer.</summary>
public sealed class SessionMessage
{
    internal SessionMessage(AgentDid peer, ReadOnlyMemory<byte> content)
    {
        Peer = peer;
        Content = content;
    }

    /// <summary>The agent that sent it.</summary>
    public AgentDid Peer { get; }

    /// <summary>The plaintext. It belongs to the receiver; the session keeps no copy.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Returns the size only.</summary>
    public override string ToString() => $"session message of {Content.Length} bytes";
}
