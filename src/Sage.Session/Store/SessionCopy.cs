namespace Sage.Session;

/// <summary>What a process knows of a session that is kept in an <see cref="ISessionStore"/>. Its members belong to who has the turn.</summary>
internal sealed class SessionCopy(long version, DateTimeOffset created)
{
    /// <summary>One record of a session at a time: two of this process would only lose to each other in the store.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The newest version that was read or written.</summary>
    public long Version { get; set; } = version;

    /// <summary>Whether the store may have another state than the copy.</summary>
    public bool IsStale { get; set; }

    /// <summary>When the session began.</summary>
    public DateTimeOffset Created { get; } = created;
}
