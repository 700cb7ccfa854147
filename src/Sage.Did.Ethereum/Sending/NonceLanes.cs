namespace Sage.Did.Ethereum;

/// <summary>
/// The lanes of this process, by chain id and account: two senders of one account would otherwise give out the same nonce. A lane is
/// there while a sender holds it, so there are never more of them than senders.
/// </summary>
internal static class NonceLanes
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(ulong ChainId, EthereumAddress Account), Entry> Entries = [];

    /// <summary>How many lanes there are.</summary>
    public static int Count
    {
        get
        {
            lock (Gate)
            {
                return Entries.Count;
            }
        }
    }

    /// <summary>The lane of an account, which all its senders share; each releases it once.</summary>
    public static NonceLane Acquire(ulong chainId, EthereumAddress account)
    {
        lock (Gate)
        {
            if (Entries.TryGetValue((chainId, account), out Entry? entry) && entry.Lane.TryGetTarget(out NonceLane? lane))
            {
                entry.Holders++;
                return lane;
            }

            // Senders that nobody disposed took their lanes with them.
            foreach ((ulong, EthereumAddress) key in Entries.Where(pair => !pair.Value.Lane.TryGetTarget(out _)).Select(pair => pair.Key).ToList())
            {
                Entries.Remove(key);
            }

            lane = new NonceLane();
            Entries[(chainId, account)] = new Entry(lane);
            return lane;
        }
    }

    /// <summary>Gives a lane back; the last holder ends it.</summary>
    public static void Release(ulong chainId, EthereumAddress account, NonceLane lane)
    {
        lock (Gate)
        {
            if (!Entries.TryGetValue((chainId, account), out Entry? entry) || !entry.Lane.TryGetTarget(out NonceLane? held) || held != lane || --entry.Holders > 0)
            {
                return;
            }

            Entries.Remove((chainId, account));
        }

        lane.Dispose();
    }

    private sealed class Entry(NonceLane lane)
    {
        public WeakReference<NonceLane> Lane { get; } = new(lane);

        public int Holders { get; set; } = 1;
    }
}
