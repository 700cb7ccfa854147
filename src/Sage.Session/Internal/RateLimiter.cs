namespace Sage.Session;

/// <summary>
/// Allows each key so many events a second, and as many at once after a second of quiet. Refilled continuously, so a key
/// that was flooded is served again at once when the flood ends. The table is bounded: when it is full, keys it does not
/// know are refused, so a flood of names costs no memory and never locks out a key already known.
/// </summary>
internal sealed class RateLimiter(int limit, TimeProvider timeProvider, int capacity = 65_536)
{
    private readonly Lock gate = new();
    private readonly long second = timeProvider.TimestampFrequency;

    // A key's value is the moment at which its last event is paid for. It never lies more than a second ahead, so what was
    // not touched for a whole generation of a second means the same as no entry.
    private Dictionary<string, long> current = new(StringComparer.Ordinal);
    private Dictionary<string, long> previous = new(StringComparer.Ordinal);
    private long generationStart = timeProvider.GetTimestamp();

    public bool TryTake(string key)
    {
        lock (gate)
        {
            long now = timeProvider.GetTimestamp();
            Rotate(now);
            if (!current.TryGetValue(key, out long paid) && !previous.TryGetValue(key, out paid))
            {
                if (current.Count >= capacity)
                {
                    return false;
                }

                paid = now;
            }

            long next = Math.Max(paid, now) + Math.Max(1, second / limit);
            if (next - now > second)
            {
                return false;
            }

            current[key] = next;
            return true;
        }
    }

    private void Rotate(long now)
    {
        long age = now - generationStart;
        if (age < second)
        {
            return;
        }

        if (age >= 2 * second)
        {
            current.Clear();
        }

        (current, previous) = (previous, current);
        current.Clear();
        generationStart = now;
    }
}
