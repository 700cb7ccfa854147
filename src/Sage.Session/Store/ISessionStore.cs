using Sage.Did;

namespace Sage.Session;

/// <summary>
/// Keeps the sessions that other agents opened, so that several processes answer for one agent and a restart ends no session. It
/// sees no key: what it keeps is encrypted before. Implementations must be safe from any thread and from several processes.
/// </summary>
/// <remarks>
/// Every method may throw what the store throws when it cannot be reached: the caller then refuses. A session whose
/// <see cref="StoredSession.ExpiresAt"/> has passed is not there any more, whether or not it was removed: it takes no room and
/// its id is free.
/// </remarks>
public interface ISessionStore
{
    /// <summary>Adds a session, unless its id is taken or there is no room for it.</summary>
    /// <param name="session">The session; its version is 1.</param>
    /// <param name="cancellationToken">Cancels the call; the session may have been added.</param>
    ValueTask<SessionStoreResult> TryAddAsync(StoredSession session, CancellationToken cancellationToken = default);

    /// <summary>Finds a session.</summary>
    /// <param name="id">The id; a text that no id can be is not found.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The session as it was written last, or <see langword="null"/>.</returns>
    ValueTask<StoredSession?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces a session in one step if the version that is kept is the one before. Of several who try, wherever they run, one
    /// succeeds; what succeeded is durable.
    /// </summary>
    /// <param name="session">The session with its new version.</param>
    /// <param name="cancellationToken">Cancels the call; the session may have been replaced.</param>
    /// <returns><see langword="false"/>, and nothing changed, if another version is kept or none.</returns>
    ValueTask<bool> TryUpdateAsync(StoredSession session, CancellationToken cancellationToken = default);

    /// <summary>Removes a session.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Cancels the call; the session may have been removed.</param>
    /// <returns>Whether it was there.</returns>
    ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists the ids of the sessions of one agent.</summary>
    /// <param name="peer">The agent at the other end.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken = default);

    /// <summary>Removes sessions whose time is over, the oldest first.</summary>
    /// <param name="most">The most to remove in this call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is not positive.</exception>
    ValueTask<int> RemoveExpiredAsync(int most, CancellationToken cancellationToken = default);
}
