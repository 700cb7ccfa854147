namespace Sage.Session;

/// <summary>What became of a session that was to be added to an <see cref="ISessionStore"/>.</summary>
public enum SessionStoreResult
{
    /// <summary>There is no room, in total or for this agent; nothing changed.</summary>
    Full,

    /// <summary>The session is kept.</summary>
    Added,

    /// <summary>There is a session with this id; nothing changed.</summary>
    Duplicate,
}
