namespace Sage.HttpSignatures;

/// <summary>A time by two clocks, because the one may be set and the other may stand still while the machine sleeps.</summary>
internal readonly struct Moment
{
    private readonly TimeProvider clock;
    private readonly long stamp;

    private Moment(TimeProvider clock)
    {
        this.clock = clock;
        stamp = clock.GetTimestamp();
        Time = clock.GetUtcNow();
    }

    public DateTimeOffset Time { get; }

    public static Moment Now(TimeProvider clock) => new(clock);

    /// <summary>How long ago an earlier moment was, by the clock that says more.</summary>
    public TimeSpan Since(Moment earlier)
    {
        TimeSpan steady = clock.GetElapsedTime(earlier.stamp, stamp);
        TimeSpan shown = Time - earlier.Time;
        return shown > steady ? shown : steady;
    }
}
