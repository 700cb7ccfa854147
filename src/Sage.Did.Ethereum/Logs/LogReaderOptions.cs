namespace Sage.Did.Ethereum;

/// <summary>How a <see cref="LogReader"/> asks.</summary>
public sealed class LogReaderOptions
{
    /// <summary>The most blocks asked for at once; 2,000 by default, between 1 and 100,000. A node that cannot give that many is asked for half, and so on.</summary>
    public int MaxBlocks { get; set; } = 2_000;

    /// <summary>How often a range is read again because the chain moved meanwhile; 5 by default, between 1 and 100.</summary>
    public int MaxAttempts { get; set; } = 5;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBlocks, 1, nameof(MaxBlocks));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBlocks, 100_000, nameof(MaxBlocks));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, nameof(MaxAttempts));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxAttempts, 100, nameof(MaxAttempts));
    }
}
