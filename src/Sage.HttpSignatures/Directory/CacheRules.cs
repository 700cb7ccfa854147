namespace Sage.HttpSignatures;

/// <summary>How long an answer may be used (RFC 9111 §4.2, §5.2.2).</summary>
/// <param name="MaxAge">What is left of the stated lifetime, or null if none is stated.</param>
/// <param name="MayBeStale">Whether it may be used after that when it cannot be fetched again.</param>
internal readonly record struct CacheRules(TimeSpan? MaxAge, bool MayBeStale)
{
    /// <summary>What holds when nothing is said.</summary>
    public static CacheRules Unsaid { get; } = new(null, MayBeStale: true);

    /// <summary>What an answer says, or null if it says nothing.</summary>
    public static CacheRules? Of(HttpResponseMessage response)
    {
        if (response.Headers.CacheControl is not { } said)
        {
            return null;
        }

        if (said.NoStore || said.NoCache)
        {
            return new CacheRules(TimeSpan.Zero, MayBeStale: false);
        }

        TimeSpan? left = said.MaxAge - (response.Headers.Age ?? TimeSpan.Zero);
        return new CacheRules(left, MayBeStale: !said.MustRevalidate);
    }

    /// <summary>The rules of what was put together from two answers.</summary>
    public CacheRules And(CacheRules other) => new(
        MaxAge is null || other.MaxAge < MaxAge ? other.MaxAge ?? MaxAge : MaxAge,
        MayBeStale && other.MayBeStale);
}
