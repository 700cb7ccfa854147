namespace Sage.Sqlite;

/// <summary>How a <see cref="SqliteDatabase"/> keeps its content. All processes that share a file must set the same capacities and tolerance.</summary>
public sealed class SqliteDatabaseOptions
{
    /// <summary>The greatest number of live nonces, 1,000,000 by default and at least 10; one scope has at most a tenth of it. A nonce takes about 250 bytes of the file.</summary>
    public long NonceCapacity { get; set; } = 1_000_000;

    /// <summary>The greatest number of sessions, 50,000 by default and at least 1. A session takes at most about 5 kB of the file.</summary>
    public long SessionCapacity { get; set; } = 50_000;

    /// <summary>The greatest number of sessions of one agent, 1,000 by default and at least 1.</summary>
    public long SessionCapacityPerPeer { get; set; } = 1_000;

    /// <summary>
    /// How much longer than asked a nonce is remembered, because the clock may be set: 30 s by default, between 2 s and 10 min.
    /// </summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a write waits for another process that writes, 5 s by default, between 1 s and 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the start of a host applies missing migrations, which is the default; otherwise it only verifies that none is missing
    /// and fails when one is.
    /// </summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How often a host removes expired rows: 1 min by default, between 1 s and 1 day.</summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    internal SqliteDatabaseOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(NonceCapacity, 10, nameof(NonceCapacity));
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionCapacity, 1, nameof(SessionCapacity));
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionCapacityPerPeer, 1, nameof(SessionCapacityPerPeer));
        RequireBetween(ClockTolerance, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10), nameof(ClockTolerance));
        RequireBetween(Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), nameof(Timeout));
        RequireBetween(RetentionInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(RetentionInterval));
        return (SqliteDatabaseOptions)MemberwiseClone();
    }

    private static void RequireBetween(TimeSpan value, TimeSpan least, TimeSpan greatest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, greatest, name);
    }
}
