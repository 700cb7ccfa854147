using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal;

/// <summary>
/// One part of the nonces under one lock: a hash table whose entries also hang in a wheel of one-second slots by the
/// second in which they expire.
/// </summary>
internal sealed class NonceShard
{
    private const int SlotCount = 1024;
    private const int InitialSize = 16;

    // More than the one entry a call adds, so that removing always catches up.
    private const int RemovalsPerCall = 4;
    private const int RemovalsPerLock = 256;
    private const int None = -1;

    private readonly Lock gate = new();
    private readonly NonceQuota quota;
    private readonly Chain[] slots = new Chain[SlotCount];

    // What the wheel has passed and nobody has looked at yet.
    private Chain passed = Chain.Empty;
    private long second;
    private Entry[] entries = new Entry[InitialSize];
    private int[] buckets = NewBuckets(InitialSize);
    private int used;
    private int free = None;

    public NonceShard(NonceQuota quota, long second)
    {
        this.quota = quota;
        this.second = second;
        Array.Fill(slots, Chain.Empty);
    }

    public NonceResult TryConsume(UInt128 hash, ulong scope, long expires, long now)
    {
        lock (gate)
        {
            Reclaim(now, RemovalsPerCall);
            int index = Find(hash);
            if (index != None)
            {
                ref Entry entry = ref entries[index];
                if (entry.Expires > now)
                {
                    return NonceResult.Replayed;
                }

                // Expired but not removed yet: it keeps its place, and the wheel hangs it anew when it gets there.
                entry.Expires = expires;
                return NonceResult.Accepted;
            }

            if (!quota.TryTake(scope))
            {
                return NonceResult.Full;
            }

            Insert(hash, scope, expires);
            return NonceResult.Accepted;
        }
    }

    /// <summary>Removes everything that has expired, in short turns so that nobody waits long for the lock.</summary>
    public void ReclaimAll(long now)
    {
        while (Volatile.Read(ref second) < now / TimeSpan.TicksPerSecond || Volatile.Read(ref passed.Head) != None)
        {
            lock (gate)
            {
                Reclaim(now, RemovalsPerLock);
            }
        }
    }

    /// <summary>Looks at up to <paramref name="limit"/> entries whose second has passed.</summary>
    private void Reclaim(long now, int limit)
    {
        TurnWheel(now / TimeSpan.TicksPerSecond);
        for (int i = 0; i < limit && passed.Head != None; i++)
        {
            int index = passed.Head;
            ref Entry entry = ref entries[index];
            passed.Head = entry.NextInChain;
            if (entry.Expires <= now)
            {
                quota.Release(entry.Scope);
                Remove(index);
            }
            else
            {
                Hang(index);
            }
        }
    }

    private void TurnWheel(long until)
    {
        // Longer than one turn means every slot once, whatever the time that went by.
        long first = Math.Max(second + 1, until - SlotCount + 1);
        for (long s = first; s <= until; s++)
        {
            ref Chain slot = ref slots[s & (SlotCount - 1)];
            if (slot.Head != None)
            {
                Append(ref passed, slot);
                slot = Chain.Empty;
            }
        }

        second = Math.Max(second, until);
    }

    private void Hang(int index)
    {
        ref Entry entry = ref entries[index];
        long due = Math.Max((entry.Expires + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond, second + 1);
        entry.NextInChain = None;
        Append(ref slots[due & (SlotCount - 1)], new Chain { Head = index, Tail = index });
    }

    private void Append(ref Chain chain, Chain more)
    {
        if (chain.Head == None)
        {
            chain = more;
        }
        else
        {
            entries[chain.Tail].NextInChain = more.Head;
            chain.Tail = more.Tail;
        }
    }

    private int Find(UInt128 hash)
    {
        int index = buckets[BucketOf(hash)];
        while (index != None && entries[index].Hash != hash)
        {
            index = entries[index].NextInBucket;
        }

        return index;
    }

    private void Insert(UInt128 hash, ulong scope, long expires)
    {
        int index = free;
        if (index != None)
        {
            free = entries[index].NextInBucket;
        }
        else
        {
            if (used == entries.Length)
            {
                Grow();
            }

            index = used++;
        }

        ref int bucket = ref buckets[BucketOf(hash)];
        entries[index] = new Entry { Hash = hash, Scope = scope, Expires = expires, NextInBucket = bucket };
        bucket = index;
        Hang(index);
    }

    private void Remove(int index)
    {
        ref int link = ref buckets[BucketOf(entries[index].Hash)];
        while (link != index)
        {
            link = ref entries[link].NextInBucket;
        }

        link = entries[index].NextInBucket;
        entries[index].NextInBucket = free;
        free = index;
    }

    private void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        buckets = NewBuckets(entries.Length);
        for (int i = 0; i < used; i++)
        {
            ref int bucket = ref buckets[BucketOf(entries[i].Hash)];
            entries[i].NextInBucket = bucket;
            bucket = i;
        }
    }

    private int BucketOf(UInt128 hash) => (int)((uint)hash & (uint)(buckets.Length - 1));

    private static int[] NewBuckets(int size)
    {
        int[] buckets = new int[size];
        Array.Fill(buckets, None);
        return buckets;
    }

    // Without the packing the 128-bit member would be aligned to 16 bytes and cost 8 more.
    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private struct Entry
    {
        public UInt128 Hash;
        public ulong Scope;
        public long Expires;
        public int NextInBucket;
        public int NextInChain;
    }

    /// <summary>A singly linked list through <see cref="Entry.NextInChain"/>.</summary>
    private struct Chain
    {
        public static readonly Chain Empty = new() { Head = None, Tail = None };

        public int Head;
        public int Tail;
    }
}
