namespace Sage.Did.Ethereum;

/// <summary>The transactions of one account on one chain, by nonce; all senders of the account share it. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
internal sealed class NonceLane : IDisposable
{
    private readonly SortedDictionary<ulong, SentTransaction> sent = [];

    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The nonce after the last one used here; null when none was.</summary>
    public ulong? Next { get; private set; }

    /// <summary>The one transaction of which it is not known whether the node has it. Nothing else is sent before that is known.</summary>
    public SentTransaction? Unsettled { get; set; }

    /// <summary>How many are sent and not confirmed.</summary>
    public int InFlight => sent.Values.Count(transaction => !transaction.IsDone);

    public void Add(SentTransaction transaction, int keep)
    {
        sent[transaction.Nonce] = transaction;
        Next = transaction.Nonce + 1;

        // Those that were confirmed stay for a while: a reorganisation may lose them, and then they are sent again.
        foreach (ulong old in sent.Where(entry => entry.Value.IsDone && entry.Key + (ulong)keep < Next).Select(entry => entry.Key).ToList())
        {
            sent.Remove(old);
        }
    }

    public SentTransaction? Find(ulong nonce) => sent.GetValueOrDefault(nonce);

    /// <summary>Takes those for confirmed that the chain counts: nobody waits for them any more, or whoever does asks for the receipt.</summary>
    public void ConfirmBelow(ulong count)
    {
        foreach (SentTransaction transaction in sent.Values.TakeWhile(transaction => transaction.Nonce < count))
        {
            transaction.IsDone = true;
        }
    }

    public void Dispose() => Gate.Dispose();
}
