namespace Sage.Cli;

/// <summary>A clock that stands: the moment as of which a captured message is looked at.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>The clock of the system, or one that stands at a Unix time.</summary>
    public static TimeProvider At(long? unixSeconds) =>
        unixSeconds is { } seconds ? new FixedTime(DateTimeOffset.FromUnixTimeSeconds(seconds)) : System;
}
