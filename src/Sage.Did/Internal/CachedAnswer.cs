namespace Sage.Did.Internal;

/// <summary>An answer and until when it may be given.</summary>
internal sealed class CachedAnswer
{
    private readonly TimeSpan maxAge;
    private readonly long until;

    /// <param name="resolution">The answer.</param>
    /// <param name="maxAge">Its greatest age.</param>
    /// <param name="timeProvider">The clock.</param>
    public CachedAnswer(DidResolution resolution, TimeSpan maxAge, TimeProvider timeProvider)
    {
        Resolution = resolution;
        this.maxAge = maxAge;
        TimeSpan left = maxAge - resolution.AgeAt(timeProvider.GetUtcNow());
        until = timeProvider.GetTimestamp() + (long)(left.TotalSeconds * timeProvider.TimestampFrequency);
    }

    public DidResolution Resolution { get; }

    // Two clocks, because the one may be set back and the other may stand still while the machine sleeps.
    public bool IsFresh(TimeProvider timeProvider) =>
        timeProvider.GetTimestamp() <= until && timeProvider.GetUtcNow() - Resolution.ObservedAt <= maxAge;
}
