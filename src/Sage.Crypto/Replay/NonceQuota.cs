using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal;

/// <summary>Counts live nonces, in all and per scope. Safe from any thread.</summary>
internal sealed class NonceQuota
{
    private const int PartCount = 64;

    private readonly int capacity;
    private readonly int scopeCapacity;
    private readonly Dictionary<ulong, int>[] parts = new Dictionary<ulong, int>[PartCount];
    private int count;

    public NonceQuota(int capacity, int scopeCapacity)
    {
        this.capacity = capacity;
        this.scopeCapacity = scopeCapacity;
        for (int i = 0; i < PartCount; i++)
        {
            parts[i] = [];
        }
    }

    public int Count => Volatile.Read(ref count);

    /// <summary>How many scopes have a nonce. Not a snapshot; for tests.</summary>
    public int ScopeCount => parts.Sum(part =>
    {
        lock (part)
        {
            return part.Count;
        }
    });

    /// <summary>Takes one place; false if the scope or the whole has none left.</summary>
    public bool TryTake(ulong scope)
    {
        if (Interlocked.Increment(ref count) <= capacity && TryTakeInScope(scope))
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }

    /// <summary>Gives one place back. A scope without nonces takes no memory.</summary>
    public void Release(ulong scope)
    {
        Interlocked.Decrement(ref count);
        Dictionary<ulong, int> part = PartOf(scope);
        lock (part)
        {
            ref int used = ref CollectionsMarshal.GetValueRefOrNullRef(part, scope);
            if (--used == 0)
            {
                part.Remove(scope);
            }
        }
    }

    private bool TryTakeInScope(ulong scope)
    {
        Dictionary<ulong, int> part = PartOf(scope);
        lock (part)
        {
            ref int used = ref CollectionsMarshal.GetValueRefOrAddDefault(part, scope, out _);
            if (used >= scopeCapacity)
            {
                return false;
            }

            used++;
            return true;
        }
    }

    private Dictionary<ulong, int> PartOf(ulong scope) => parts[(int)(scope >> 32) & (PartCount - 1)];
}
