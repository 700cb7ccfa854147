namespace Sage.Session;

/// <summary>Counts a session's messages and watches its clock. Safe from any thread.</summary>
internal sealed class SessionLifetime(SessionLimits limits, TimeProvider timeProvider)
{
    private readonly long started = timeProvider.GetTimestamp();
    private long lastUsed = timeProvider.GetTimestamp();
    private long messages;

    public long Remaining => Math.Max(0, limits.MaxMessages - Volatile.Read(ref messages));

    public bool HasEnded
    {
        get
        {
            long now = timeProvider.GetTimestamp();
            return Volatile.Read(ref messages) >= limits.MaxMessages
                || timeProvider.GetElapsedTime(started, now) >= limits.MaxAge
                || timeProvider.GetElapsedTime(Volatile.Read(ref lastUsed), now) >= limits.MaxIdle;
        }
    }

    /// <summary>Counts one message and restarts the idle time; false, and not counted, if the last one was had.</summary>
    public bool TryCount()
    {
        long count = Volatile.Read(ref messages);
        while (count < limits.MaxMessages)
        {
            long seen = Interlocked.CompareExchange(ref messages, count + 1, count);
            if (seen == count)
            {
                Volatile.Write(ref lastUsed, timeProvider.GetTimestamp());
                return true;
            }

            count = seen;
        }

        return false;
    }
}
