using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures;

/// <summary>
/// What is known of a bounded number of URLs. When it is full the least recently used makes room, and before that one of
/// which only failures are known, so that made-up URLs do not drive out directories. Its owner holds a lock.
/// </summary>
internal sealed class DirectoryCache(int capacity)
{
    private readonly Dictionary<DirectoryAddress, LinkedListNode<Entry>> entries = [];

    // The most recently used is the first.
    private readonly LinkedList<Entry> order = new();

    public bool TryGet(DirectoryAddress address, [NotNullWhen(true)] out CachedDirectory? known)
    {
        known = null;
        if (entries.TryGetValue(address, out LinkedListNode<Entry>? node))
        {
            order.Remove(node);
            order.AddFirst(node);
            known = node.Value.Known;
        }

        return known is not null;
    }

    public void Set(DirectoryAddress address, CachedDirectory known)
    {
        if (entries.Remove(address, out LinkedListNode<Entry>? former))
        {
            order.Remove(former);
        }
        else if (entries.Count >= capacity)
        {
            LinkedListNode<Entry> least = LeastUseful();
            entries.Remove(least.Value.Address);
            order.Remove(least);
        }

        entries.Add(address, order.AddFirst(new Entry(address, known)));
    }

    private LinkedListNode<Entry> LeastUseful()
    {
        for (LinkedListNode<Entry>? node = order.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Known.IsFailure)
            {
                return node;
            }
        }

        return order.Last!;
    }

    private sealed record Entry(DirectoryAddress Address, CachedDirectory Known);
}
