namespace Sage.Session;

/// <summary>Counts a session's messages and watches its clock. Safe from any thread.</summary>
internal sealed class SessionLifetime
{
    private readonly TimeProvider timeProvider;
    private readonly long maxMessages;
    private readonly long maxIdle;
    private readonly long maxAge;
    private long end;
    private long lastUsed;
    private long messages;

    public SessionLifetime(SessionLimits limits, TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        maxMessages = limits.MaxMessages;
        maxIdle = Timestamps(limits.MaxIdle);
        lastUsed = timeProvider.GetTimestamp();
        maxAge = Timestamps(limits.MaxAge);
        end = maxAge > long.MaxValue - lastUsed ? long.MaxValue : lastUsed + maxAge;
    }

    public long Messages => Volatile.Read(ref messages);

    public long Remaining => Math.Max(0, maxMessages - Volatile.Read(ref messages));

    public long Now => timeProvider.GetTimestamp();

    public bool HasEnded(long now) => HasTimedOut(now) || Volatile.Read(ref messages) >= maxMessages;

    /// <summary>Whether age or idle time is over; messages that were counted before may still be sealed.</summary>
    public bool HasTimedOut(long now) => now >= Volatile.Read(ref end) || now - Volatile.Read(ref lastUsed) >= maxIdle;

    /// <summary>Goes on with a session that lived elsewhere so far.</summary>
    /// <param name="age">Time since the handshake.</param>
    /// <param name="idle">Time since the last message.</param>
    /// <param name="counted">The messages so far.</param>
    public void Restore(TimeSpan age, TimeSpan idle, long counted)
    {
        long now = Now;
        Volatile.Write(ref end, now - Timestamps(age) + maxAge);
        Volatile.Write(ref lastUsed, now - Timestamps(idle));
        Volatile.Write(ref messages, counted);
    }

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
