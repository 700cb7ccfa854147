namespace Sage.HttpSignatures;

/// <summary>What came of one fetch. Immutable.</summary>
internal sealed class FetchedDirectory
{
    /// <summary>Why there is no directory, or null.</summary>
    public KeyDirectoryStatus? Failure { get; private init; }

    /// <summary>The directory, exactly when there is no failure.</summary>
    public KeyDirectory? Directory { get; private init; }

    /// <summary>What to send along when asking again.</summary>
    public string? ETag { get; private init; }

    /// <summary>How long it may be used.</summary>
    public CacheRules Rules { get; private init; }

    public static FetchedDirectory Failed(KeyDirectoryStatus failure) => new() { Failure = failure };

    public static FetchedDirectory Of(KeyDirectory directory, CacheRules rules, string? etag) =>
        new() { Directory = directory, Rules = rules, ETag = etag };

    public TimeSpan Freshness(KeyDirectoryClientOptions rules)
    {
        TimeSpan stated = Rules.MaxAge ?? rules.DefaultFreshness;
        TimeSpan least = stated < CachedDirectory.MinFreshness ? CachedDirectory.MinFreshness : stated;
        return least > rules.MaxFreshness ? rules.MaxFreshness : least;
    }
}
