namespace Sage.Did;

/// <summary>How long a <see cref="CachingDidResolver"/> answers from memory, and how much it remembers.</summary>
public sealed class CachingDidResolverOptions
{
    /// <summary>The greatest age of an answer, counted from when its source said so; 5 minutes by default.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The greatest age of an answer without a document; 30 seconds by default.</summary>
    public TimeSpan NegativeMaxAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most answers remembered; 10,000 by default. Also the most look-ups under way at one time.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>How long a look-up may take before it is given up; 10 seconds by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge, TimeSpan.Zero, nameof(MaxAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(NegativeMaxAge, TimeSpan.Zero, nameof(NegativeMaxAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 2, nameof(Capacity));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
    }
}
