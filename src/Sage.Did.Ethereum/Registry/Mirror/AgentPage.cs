namespace Sage.Did.Ethereum;

/// <summary>Some of the agents that were looked for.</summary>
public sealed class AgentPage
{
    internal AgentPage(IReadOnlyList<MirroredAgent> agents, UInt256? next)
    {
        Agents = agents;
        Next = next;
    }

    /// <summary>The agents, by number. A page may have fewer than asked for, even none, and yet not be the last.</summary>
    public IReadOnlyList<MirroredAgent> Agents { get; }

    /// <summary>What to put into <see cref="AgentQuery.After"/> for the page that follows; <see langword="null"/> after the last.</summary>
    public UInt256? Next { get; }
}
