namespace Sage.Session;

/// <summary>Counts events per second, for the decision to ask for cookies.</summary>
internal sealed class LoadMeter(TimeProvider timeProvider)
{
    private readonly Lock gate = new();
    private long windowStart = timeProvider.GetTimestamp();
    private int current;
    private int previous;

    /// <summary>
    /// Counts one event. The result is the greater of this second's and the last second's count, so that a new second does
    /// not let a burst through before the count has grown again.
    /// </summary>
    public int Count()
    {
        long now = timeProvider.GetTimestamp();
        lock (gate)
        {
            double seconds = timeProvider.GetElapsedTime(windowStart, now).TotalSeconds;
            if (seconds >= 1)
            {
                previous = seconds < 2 ? current : 0;
                current = 0;
                windowStart = now;
            }

            current++;
            return Math.Max(current, previous);
        }
    }
}
