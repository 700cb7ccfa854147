namespace Sage.Did.Ethereum;

/// <summary>What a mirror may answer from, and until when. Immutable but for the table, which is only ever newer.</summary>
internal sealed class MirrorView
{
    private readonly TimeSpan maxAge;
    private readonly long until;

    public MirrorView(MirrorTable table, BlockHeader head, TimeSpan maxAge, TimeProvider timeProvider)
    {
        // A maker's clock may be a little ahead.
        DateTimeOffset now = timeProvider.GetUtcNow();
        Table = table;
        Head = head.Number;
        ObservedAt = head.Timestamp < now ? head.Timestamp : now;
        this.maxAge = maxAge;
        until = timeProvider.GetTimestamp() + (long)((maxAge - (now - ObservedAt)).TotalSeconds * timeProvider.TimestampFrequency);
    }

    public MirrorTable Table { get; }

    /// <summary>The number of the newest block seen.</summary>
    public ulong Head { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset ObservedAt { get; }

    // Two clocks, because the one may be set back and the other may stand still while the machine sleeps.
    public bool IsFresh(TimeProvider timeProvider) => timeProvider.GetTimestamp() <= until && timeProvider.GetUtcNow() - ObservedAt <= maxAge;
}
