namespace Sage.HttpSignatures;

/// <summary>The origins that asked for signatures. Bounded: when it is full, no more are remembered. Safe from any thread.</summary>
internal sealed class OriginMemory(int capacity = OriginMemory.UsualCapacity)
{
    public const int UsualCapacity = 1_000;

    private readonly HashSet<string> origins = [];

    public bool Contains(string origin)
    {
        lock (origins)
        {
            return origins.Contains(origin);
        }
    }

    public void Add(string origin)
    {
        lock (origins)
        {
            if (origins.Count < capacity)
            {
                origins.Add(origin);
            }
        }
    }
}
