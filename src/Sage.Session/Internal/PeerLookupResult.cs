using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>The outcome of a look-up; <see cref="Peer"/> is there only if it is active and fresh.</summary>
internal readonly record struct PeerLookupResult(PeerLookupStatus Status, DidResolution? Peer, Exception? Exception)
{
    /// <summary>Why the listener refuses when there is no peer.</summary>
    public Refusal Refusal => Status switch
    {
        PeerLookupStatus.TooOld => Session.Refusal.ResolutionTooOld,
        PeerLookupStatus.Unreachable => Session.Refusal.ResolverFailed,
        _ => Session.Refusal.PeerNotFound,
    };

    /// <summary>Whether it is known that a key no longer signs for the peer; a look-up that failed knows nothing.</summary>
    public bool Refutes(PublicKey key) => Status switch
    {
        PeerLookupStatus.Active => !Peer!.IsUsable(key),
        PeerLookupStatus.NotActive => true,
        _ => false,
    };

    /// <summary>What the client throws when there is no peer.</summary>
    public SessionException ToException() => Status switch
    {
        PeerLookupStatus.TooOld => new SessionException(SessionError.ResolutionTooOld, "The peer's record is older than this agent relies on."),
        PeerLookupStatus.Unreachable => new SessionException(SessionError.Unreachable, "The source of DIDs could not be reached.", Exception),
        _ => new SessionException(SessionError.PeerNotFound, "The DID does not resolve to an active agent."),
    };
}
