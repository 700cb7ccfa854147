namespace Sage.Did.Ethereum;

/// <summary>What a <see cref="RegistryMirror"/> asks of its endpoint, and how much it keeps.</summary>
public sealed class RegistryMirrorOptions
{
    /// <summary>
    /// The first block that is read: the one in which the identity registry was made, or one before. <see langword="null"/>, the
    /// default, looks for it, which only an endpoint that keeps the state of old blocks can answer.
    /// </summary>
    public ulong? FirstBlock { get; set; }

    /// <summary>How often the endpoint is asked for its newest block; 12 seconds by default, between 100 milliseconds and 10 minutes.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>The greatest age of the newest block seen, by its own timestamp; 5 minutes by default, at most a day. Beyond it the mirror refuses.</summary>
    public TimeSpan MaxHeadAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many blocks must follow one that counts as settled; <see langword="null"/>, the default, asks for the block that the chain
    /// calls finalized. For chains without that tag: there is no silent fallback. Between 1 and 1,000,000.
    /// </summary>
    public int? Confirmations { get; set; }

    /// <summary>The most agents; 100,000 by default, at most 10,000,000. A mirror of a larger registry refuses, and says so.</summary>
    public int MaxAgents { get; set; } = 100_000;

    internal RegistryMirrorOptions Copy() => (RegistryMirrorOptions)MemberwiseClone();

    internal void Validate()
    {
        InRange(PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(PollInterval));
        InRange(MaxHeadAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(MaxHeadAge));
        InRange(Confirmations ?? 1, 1, 1_000_000, nameof(Confirmations));
        InRange(MaxAgents, 1, 10_000_000, nameof(MaxAgents));
    }

    private static void InRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
