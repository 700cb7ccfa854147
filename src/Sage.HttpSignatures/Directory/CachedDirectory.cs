namespace Sage.HttpSignatures;

/// <summary>What is known of one URL: the directory it had last, and how the last attempt to fetch it went. Immutable.</summary>
internal sealed class CachedDirectory
{
    /// <summary>A directory is used this long whatever its server says, and asked for a missing key no more often.</summary>
    public static readonly TimeSpan MinFreshness = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan LongestAge = TimeSpan.FromHours(24);

    private CachedDirectory(FetchedDirectory? known, KeyDirectoryStatus? failure, Moment observed, Moment attempted)
    {
        Known = known;
        Failure = failure;
        Observed = observed;
        Attempted = attempted;
    }

    /// <summary>The last answer with a directory, or null if there was none.</summary>
    public FetchedDirectory? Known { get; }

    /// <summary>Why the last attempt failed, or null if it did not.</summary>
    private KeyDirectoryStatus? Failure { get; }

    private Moment Observed { get; }

    private Moment Attempted { get; }

    /// <summary>Whether there is nothing here but a failure.</summary>
    public bool IsFailure => Known is null;

    /// <summary>What an attempt makes of what was known: an answer replaces it, a failure only stands beside it.</summary>
    public static CachedDirectory After(CachedDirectory? former, FetchedDirectory fetched, Moment now) => fetched.Failure is { } failure
        ? new CachedDirectory(former?.Known, failure, former?.Observed ?? now, now)
        : new CachedDirectory(fetched, null, now, now);

    /// <summary>The answer about a key, or null if the directory has to be fetched for it.</summary>
    /// <param name="keyId">The thumbprint.</param>
    /// <param name="now">The time.</param>
    /// <param name="rules">Ages.</param>
    /// <param name="justTried">Whether the directory was fetched for this very question, so that there is always an answer.</param>
    public KeyDirectoryLookup? Answer(string keyId, Moment now, KeyDirectoryClientOptions rules, bool justTried)
    {
        TimeSpan age = now.Since(Observed);
        TimeSpan sinceAttempt = now.Since(Attempted);
        bool isFresh = Known is not null && (age < Known.Freshness(rules) || (justTried && Failure is null));
        if (!isFresh && !justTried && (Failure is null || sinceAttempt >= rules.FailureAge))
        {
            return null;
        }

        if (Known is not null && (isFresh || (Known.Rules.MayBeStale && age < rules.MaxStaleAge)))
        {
            if (Known.Directory!.TryFind(keyId, out DirectoryKey? key) && key.IsValidAt(now.Time))
            {
                return new KeyDirectoryLookup(KeyDirectoryStatus.Found, Observed.Time, key);
            }

            if (isFresh)
            {
                return justTried || sinceAttempt < MinFreshness ? new KeyDirectoryLookup(KeyDirectoryStatus.KeyNotFound, Observed.Time) : null;
            }
        }

        return new KeyDirectoryLookup(Failure ?? KeyDirectoryStatus.Unreachable, Attempted.Time);
    }
}
