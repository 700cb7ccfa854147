using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum;

/// <summary>All agents of a mirror. One thread writes; any may read.</summary>
internal sealed class MirrorTable
{
    // So that a rare condition on many agents does not walk over all of them at once.
    private const int MaxExamined = 1_000;

    private readonly ConcurrentDictionary<AgentDid, MirrorEntry> entries = new();
    private volatile MirrorIndex index = MirrorIndex.Empty;

    public IEnumerable<KeyValuePair<AgentDid, MirrorEntry>> Entries => entries;

    public int Count => index.All.Count;

    public bool TryGet(AgentDid did, [NotNullWhen(true)] out MirrorEntry? entry) => entries.TryGetValue(did, out entry);

    /// <summary>Puts agents in, or in the place of what was known of them.</summary>
    /// <returns>Those of which something else is said now.</returns>
    public IReadOnlyList<AgentDid> Set(IEnumerable<(AgentDid Did, MirrorEntry Entry)> changes)
    {
        List<AgentDid> differing = [];
        List<(MirrorEntry?, MirrorEntry)> changed = [];
        foreach ((AgentDid did, MirrorEntry entry) in changes)
        {
            MirrorEntry? before = entries.GetValueOrDefault(did);
            entries[did] = entry;
            changed.Add((before, entry));
            if (before is null || !before.SaysTheSame(entry))
            {
                differing.Add(did);
            }
        }

        if (changed.Count > 0)
        {
            index = index.With(changed);
        }

        return differing;
    }

    /// <summary>The agents that a query asks for, from an index.</summary>
    public AgentPage Find(AgentQuery query, Func<UInt256, AgentDid> toDid)
    {
        MirrorIndex now = index;
        EthereumHash? keyId = query.Key is { } key ? KeyMessages.KeyId(ChainKeyType.Of(key.Algorithm), ChainKeyType.Encode(key)) : null;
        System.Collections.Immutable.ImmutableSortedSet<UInt256> candidates = keyId is { } id ? now.WithKey(id)
            : query.Owner is { } owner ? now.OfOwner(owner)
            : query.IsActive is { } isActive ? (isActive ? now.Active : now.Inactive)
            : now.All;
        int at = query.After is { } after ? candidates.IndexOf(after) : -1;
        int first = query.After is null ? 0 : at < 0 ? ~at : at + 1;
        int end = (int)Math.Min(candidates.Count, (long)first + MaxExamined);
        List<MirroredAgent> found = [];
        int i = first;
        while (i < end && found.Count < query.PageSize)
        {
            if (entries.TryGetValue(toDid(candidates[i++]), out MirrorEntry? entry) && Fits(entry, query, keyId))
            {
                found.Add(entry.ToAgent());
            }
        }

        return new AgentPage(found, i < candidates.Count ? candidates[i - 1] : null);
    }

    // The index may be a moment behind the entries, and narrows by one condition only.
    private static bool Fits(MirrorEntry entry, AgentQuery query, EthereumHash? keyId) =>
        !entry.Settled.Owner.IsZero
        && (query.Owner is not { } owner || entry.Settled.Owner == owner)
        && (query.IsActive is not { } isActive || isActive == entry.Document is not null)
        && (keyId is not { } id || entry.KeyIds.Contains(id));
}
