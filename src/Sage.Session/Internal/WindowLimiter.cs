namespace Sage.Session;

/// <summary>
/// Allows each key so many events in a window of one second. The table is bounded: when it is full, keys it does not know
/// are refused until the window ends, so a flood of names costs no memory and never locks out a key already counted.
/// </summary>
internal sealed class WindowLimiter(int limit, TimeProvider timeProvider, int capacity = 65_536)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private long windowStart = timeProvider.GetTimestamp();

    public bool TryTake(string key)
    {
        long now = timeProvider.GetTimestamp();
        lock (gate)
        {
            if (timeProvider.GetElapsedTime(windowStart, now) >= TimeSpan.FromSeconds(1))
            {
                windowStart = now;
                counts.Clear();
            }

            if (!counts.TryGetValue(key, out int count) && counts.Count >= capacity)
            {
                return false;
            }

            if (count >= limit)
            {
                return false;
            }

            counts[key] = count + 1;
            return true;
        }
    }
}
