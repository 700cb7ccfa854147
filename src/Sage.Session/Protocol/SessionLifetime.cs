namespace Sage.Session;

/// <summary>Counts a session's messages and watches its clock. Safe from any thread.</summary>
internal sealed class SessionLifetime
{
    private readonly TimeProvider timeProvider;
    private readonly long maxMessages;
    private readonly long maxIdle;
    private readonly long end;
    private long lastUsed;
    private long messages;

    public SessionLifetime(SessionLimits limits, TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        maxMessages = limits.MaxMessages;
        maxIdle = Timestamps(limits.MaxIdle);
        lastUsed = timeProvider.GetTimestamp();
        long maxAge = Timestamps(limits.MaxAge);
        end = maxAge > long.MaxValue - lastUsed ? long.MaxValue : lastUsed + maxAge;
    }

    public long Remaining => Math.Max(0, maxMessages - Volatile.Read(ref messages));

    public long Now => timeProvider.GetTimestamp();

    public bool HasEnded(long now) =>
        now >= end || now - Volatile.Read(ref lastUsed) >= maxIdle || Volatile.Read(ref messages) >= maxMessages;

    /// <summary>Counts one message and restarts the idle time; false, and not counted, if the last one was had.</summary>
    public bool TryCount(long now)
    {
        long count = Volatile.Read(ref messages);
        while (count < maxMessages)
        {
            long seen = Interlocked.CompareExchange(ref messages, count + 1, count);
            if (seen == count)
            {
                Volatile.Write(ref lastUsed, now);
                return true;
            }

            count = seen;
        }

        return false;
    }

    private long Timestamps(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
}
