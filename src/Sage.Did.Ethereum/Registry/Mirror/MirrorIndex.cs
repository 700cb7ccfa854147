using System.Collections.Immutable;

namespace Sage.Did.Ethereum;

/// <summary>By what agents are found, in the order of their numbers. Immutable.</summary>
internal sealed record MirrorIndex
{
    public static MirrorIndex Empty { get; } = new();

    private static readonly ImmutableSortedSet<UInt256> Nobody = [];

    public ImmutableSortedSet<UInt256> Active { get; private init; } = [];

    public ImmutableSortedSet<UInt256> Inactive { get; private init; } = [];

    /// <summary>All agents.</summary>
    public ImmutableSortedSet<UInt256> All { get; private init; } = [];

    private ImmutableDictionary<EthereumAddress, ImmutableSortedSet<UInt256>> Owners { get; init; } = ImmutableDictionary<EthereumAddress, ImmutableSortedSet<UInt256>>.Empty;

    private ImmutableDictionary<EthereumHash, ImmutableSortedSet<UInt256>> Keys { get; init; } = ImmutableDictionary<EthereumHash, ImmutableSortedSet<UInt256>>.Empty;

    public ImmutableSortedSet<UInt256> OfOwner(EthereumAddress owner) => Owners.GetValueOrDefault(owner, Nobody);

    public ImmutableSortedSet<UInt256> WithKey(EthereumHash keyId) => Keys.GetValueOrDefault(keyId, Nobody);

    /// <summary>The index after agents have changed; one that was burned is in no part of it.</summary>
    public MirrorIndex With(IReadOnlyCollection<(MirrorEntry? Before, MirrorEntry After)> changes)
    {
        ImmutableSortedSet<UInt256>.Builder all = All.ToBuilder();
        ImmutableSortedSet<UInt256>.Builder active = Active.ToBuilder();
        ImmutableSortedSet<UInt256>.Builder inactive = Inactive.ToBuilder();
        ImmutableDictionary<EthereumAddress, ImmutableSortedSet<UInt256>>.Builder owners = Owners.ToBuilder();
        ImmutableDictionary<EthereumHash, ImmutableSortedSet<UInt256>>.Builder keys = Keys.ToBuilder();
        foreach ((MirrorEntry? before, MirrorEntry after) in changes)
        {
            UInt256 agent = after.AgentId;
            bool isThere = !after.Settled.Owner.IsZero;
            Put(all, agent, isThere);
            Put(active, agent, isThere && after.Document is not null);
            Put(inactive, agent, isThere && after.Document is null);
            Move(owners, before is null ? [] : [before.Settled.Owner], isThere ? [after.Settled.Owner] : [], agent);
            Move(keys, before?.KeyIds ?? [], isThere ? after.KeyIds : [], agent);
        }

        return new MirrorIndex
        {
            All = all.ToImmutable(),
            Active = active.ToImmutable(),
            Inactive = inactive.ToImmutable(),
            Owners = owners.ToImmutable(),
            Keys = keys.ToImmutable(),
        };
    }

    private static void Put(ImmutableSortedSet<UInt256>.Builder set, UInt256 agent, bool belongs)
    {
        if (belongs)
        {
            set.Add(agent);
        }
        else
        {
            set.Remove(agent);
        }
    }

    private static void Move<TKey>(
        ImmutableDictionary<TKey, ImmutableSortedSet<UInt256>>.Builder index, IEnumerable<TKey> before, IEnumerable<TKey> after, UInt256 agent)
        where TKey : notnull
    {
        TKey[] left = [.. before];
        TKey[] joined = [.. after];
        foreach (TKey key in left.Except(joined))
        {
            ImmutableSortedSet<UInt256> rest = index.GetValueOrDefault(key, Nobody).Remove(agent);
            if (rest.IsEmpty)
            {
                index.Remove(key);
            }
            else
            {
                index[key] = rest;
            }
        }

        foreach (TKey key in joined.Except(left))
        {
            index[key] = index.GetValueOrDefault(key, Nobody).Add(agent);
        }
    }
}
