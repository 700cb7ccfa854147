using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>Where a <see cref="KeyDirectoryClient"/> connects, how long it waits and how much it remembers.</summary>
public sealed class KeyDirectoryClientOptions
{
    /// <summary>Which URLs and addresses may be called; https on the public internet by default.</summary>
    public EndpointPolicy Endpoints { get; set; } = EndpointPolicy.Public;

    /// <summary>How long one fetch may take in all, a second document that the first one names included; 5 seconds by default, at most 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a directory is used without asking again when it does not say (<c>Cache-Control: max-age</c>); 10 minutes by default, between 1 minute and 24 hours.</summary>
    public TimeSpan DefaultFreshness { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest a directory is used without asking again, whatever it says; 24 hours by default, which is also the most, at least 1 minute.</summary>
    public TimeSpan MaxFreshness { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The greatest age of a directory that is used because it cannot be fetched again; 24 hours by default, which is also the most. A key's own end holds all the same.</summary>
    public TimeSpan MaxStaleAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a directory that could not be fetched is not asked for again; 1 minute by default, at most 5 minutes.</summary>
    public TimeSpan FailureAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most directories remembered; 1,000 by default, at most 100,000. The least recently used makes room, one that never could be fetched first.</summary>
    public int Capacity { get; set; } = 1_000;

    /// <summary>The most fetches under way at one time; 64 by default. An eighth of them may go to one host.</summary>
    public int MaxFetches { get; set; } = 64;

    internal KeyDirectoryClientOptions Copy() => (KeyDirectoryClientOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Endpoints, nameof(Endpoints));
        InRange(Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(Timeout));
        InRange(DefaultFreshness, CachedDirectory.MinFreshness, CachedDirectory.LongestAge, nameof(DefaultFreshness));
        InRange(MaxFreshness, CachedDirectory.MinFreshness, CachedDirectory.LongestAge, nameof(MaxFreshness));
        InRange(MaxStaleAge, TimeSpan.Zero, CachedDirectory.LongestAge, nameof(MaxStaleAge));
        InRange(FailureAge, TimeSpan.Zero, TimeSpan.FromMinutes(5), nameof(FailureAge));
        InRange(Capacity, 1, 100_000, nameof(Capacity));
        InRange(MaxFetches, 1, 10_000, nameof(MaxFetches));
    }

    private static void InRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
