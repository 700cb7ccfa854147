using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum;

/// <summary>Which agents the last blocks touched, for the case that a reorganisation takes some of these blocks away. Bounded: the oldest are forgotten.</summary>
internal sealed class TouchedAgents(int capacity)
{
    // In the order of the blocks.
    private readonly List<(ulong Block, UInt256 Agent)> entries = [];
    private ulong? forgotten;

    /// <summary>The newest block that touched an agent, or 0.</summary>
    public ulong Newest => entries.Count > 0 ? entries[^1].Block : 0;

    /// <param name="block">The block; not before that of the last call.</param>
    /// <param name="agent">An agent that it touched.</param>
    public void Add(ulong block, UInt256 agent)
    {
        if (entries.Count >= capacity)
        {
            int dropped = (capacity + 1) / 2;
            forgotten = entries[dropped - 1].Block;
            entries.RemoveRange(0, dropped);
        }

        entries.Add((block, agent));
    }

    /// <summary>The agents that some blocks touched, or null if some of them are forgotten.</summary>
    public IReadOnlyCollection<UInt256>? Between(ulong first, ulong last) =>
        forgotten >= first ? null : entries.Where(entry => entry.Block >= first && entry.Block <= last).Select(entry => entry.Agent).ToHashSet();

    /// <summary>Takes out the agents that a block, and those after it, touched.</summary>
    /// <returns><see langword="false"/> if some of them are forgotten.</returns>
    public bool TryTake(ulong first, [NotNullWhen(true)] out IReadOnlyCollection<UInt256>? agents)
    {
        int kept = entries.FindLastIndex(entry => entry.Block < first) + 1;
        agents = forgotten >= first ? null : entries.Skip(kept).Select(entry => entry.Agent).ToHashSet();
        entries.RemoveRange(kept, entries.Count - kept);
        if (agents is null)
        {
            // What was forgotten of the blocks that went is told with them; what lies before is still unknown.
            forgotten = first > 0 ? first - 1 : null;
        }

        return agents is not null;
    }
}
