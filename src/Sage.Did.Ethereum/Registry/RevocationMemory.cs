using Sage.Did.Internal;

namespace Sage.Did.Ethereum;

/// <summary>
/// What was seen to be revoked at a head and is not settled yet. A reorganisation that takes the revocation away does not bring the
/// key back, until the settled block has reached the height at which the revocation was seen and says so itself.
/// </summary>
/// <remarks>Bounded, safe from any thread, and lost with the process.</remarks>
internal sealed class RevocationMemory(int capacity)
{
    private readonly Lock gate = new();
    private readonly GenerationMap<Entry> entries = new(capacity);

    /// <summary>Adds what the sightings show, forgets what is settled, and gives what is left.</summary>
    public Entry Update(AgentDid did, IReadOnlyList<AgentSighting> sightings)
    {
        ulong settled = sightings.Min(sighting => sighting.SettledBlock.Number);
        lock (gate)
        {
            Entry before = entries.TryGet(did, out Entry? known) ? known : Entry.Empty;
            Dictionary<EthereumHash, ulong> keys = before.Keys.Where(key => key.Value > settled).ToDictionary();
            ulong agent = before.Agent > settled ? before.Agent : 0;
            foreach (AgentSighting sighting in sightings)
            {
                ulong head = sighting.HeadBlock.Number;
                agent = IsGone(sighting) ? Math.Max(agent, head) : agent;
                foreach (EthereumHash keyId in RevokedIn(sighting))
                {
                    keys[keyId] = Math.Max(keys.GetValueOrDefault(keyId), head);
                }
            }

            Entry after = new(agent, keys);
            if (after.IsEmpty)
            {
                entries.Remove(did);
            }
            else
            {
                entries.Set(did, after);
            }

            return after;
        }
    }

    private static bool IsGone(AgentSighting sighting) =>
        sighting.Settled is { } settled && (sighting.Head is not { IsActive: true } head || head.Owner != settled.Owner);

    private static IEnumerable<EthereumHash> RevokedIn(AgentSighting sighting) =>
        (sighting.Settled?.Keys ?? []).Select(key => key.KeyId).Except((sighting.Head?.Keys ?? []).Select(key => key.KeyId));

    /// <param name="Agent">Until which settled block the whole agent is distrusted; 0 if it is not.</param>
    /// <param name="Keys">Until which settled block each key is.</param>
    internal sealed record Entry(ulong Agent, IReadOnlyDictionary<EthereumHash, ulong> Keys)
    {
        public static Entry Empty { get; } = new(0, new Dictionary<EthereumHash, ulong>());

        public bool IsEmpty => Agent == 0 && Keys.Count == 0;
    }
}
