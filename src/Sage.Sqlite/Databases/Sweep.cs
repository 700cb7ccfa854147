namespace Sage.Databases;

/// <summary>Says when a store is to remove expired rows by itself, so that it also stays small where no host does it.</summary>
internal sealed class Sweep
{
    /// <summary>The most rows that one step removes.</summary>
    public const int BatchSize = 1000;

    private const int Interval = 512;

    private int calls;

    /// <summary>True for one call in 512, which removes twice as many as were added since.</summary>
    public bool IsDue() => Interlocked.Increment(ref calls) % Interval == 0;
}
