using System.Collections.Immutable;

namespace Sage.Did.Ethereum;

/// <summary>A transaction that was sent, with every version of it: replacing it by one that pays more makes another.</summary>
public sealed class SentTransaction
{
    private ImmutableArray<SentVersion> versions;

    internal SentTransaction(TransactionDraft draft, ulong nonce, ulong gas, SentVersion first)
    {
        Draft = draft;
        Nonce = nonce;
        Gas = gas;
        versions = [first];
    }

    /// <summary>The place among the transactions of the account, from 0.</summary>
    public ulong Nonce { get; }

    /// <summary>The hash of the newest version.</summary>
    public EthereumHash Hash => Versions[^1].Hash;

    internal TransactionDraft Draft { get; }

    internal ulong Gas { get; }

    /// <summary>Oldest first.</summary>
    internal ImmutableArray<SentVersion> Versions => ImmutableInterlocked.InterlockedCompareExchange(ref versions, default, default);

    /// <summary>Whether it was confirmed; guarded by the lane.</summary>
    internal bool IsDone { get; set; }

    /// <summary>Nonce and hash.</summary>
    public override string ToString() => $"{Nonce} ({Hash})";

    internal void Add(SentVersion version) => ImmutableInterlocked.Update(ref versions, static (all, one) => all.Add(one), version);

    internal void Remove(SentVersion version) => ImmutableInterlocked.Update(ref versions, static (all, one) => all.Remove(one), version);
}
