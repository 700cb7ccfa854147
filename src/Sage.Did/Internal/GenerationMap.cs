using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Internal;

/// <summary>
/// A bounded map that forgets what was not used for longest, roughly: values live in two generations of half the capacity;
/// when the young one is full the old one is dropped. Reading takes no lock and, in the young generation, allocates nothing.
/// </summary>
internal sealed class GenerationMap<TValue>(int capacity)
    where TValue : class
{
    private readonly Lock gate = new();
    private readonly int half = Math.Max(1, capacity / 2);
    private volatile ConcurrentDictionary<AgentDid, TValue> young = new();
    private volatile ConcurrentDictionary<AgentDid, TValue> old = new();
    private int youngCount;

    public bool TryGet(AgentDid did, [NotNullWhen(true)] out TValue? value) =>
        young.TryGetValue(did, out value) || (old.TryGetValue(did, out value) && Promote(did, ref value));

    public void Set(AgentDid did, TValue value)
    {
        lock (gate)
        {
            if (young.TryAdd(did, value))
            {
                youngCount++;
            }
            else
            {
                young[did] = value;
            }

            if (youngCount >= half)
            {
                old = young;
                young = new ConcurrentDictionary<AgentDid, TValue>();
                youngCount = 0;
            }
        }
    }

    public void Remove(AgentDid did)
    {
        lock (gate)
        {
            youngCount -= young.TryRemove(did, out _) ? 1 : 0;
            old.TryRemove(did, out _);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            young = new ConcurrentDictionary<AgentDid, TValue>();
            old = new ConcurrentDictionary<AgentDid, TValue>();
            youngCount = 0;
        }
    }

    // Between the look-up and the lock the value may have been replaced or removed: what is there now counts.
    private bool Promote(AgentDid did, [NotNullWhen(true)] ref TValue? value)
    {
        lock (gate)
        {
            if (!young.TryGetValue(did, out TValue? current) && !old.TryGetValue(did, out current))
            {
                return false;
            }

            value = current;
            Set(did, current);
            return true;
        }
    }
}
