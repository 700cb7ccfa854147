using Sage.Crypto;

namespace Sage.Session;

/// <summary>Why a session could not be opened or a request was not answered. The set is closed.</summary>
public enum SessionError
{
    /// <summary>The peer, or the source that resolves it, could not be reached in time. Nothing is known about the peer's will.</summary>
    Unreachable,

    /// <summary>The peer's DID does not resolve to an active agent.</summary>
    PeerNotFound,

    /// <summary>The peer's record has no proven signing key, no key agreement key, or no endpoint.</summary>
    PeerNotUsable,

    /// <summary>The peer's record could not be had fresh enough.</summary>
    ResolutionTooOld,

    /// <summary>The peer's endpoint is not allowed by the <see cref="EndpointPolicy"/>.</summary>
    EndpointRefused,

    /// <summary>The peer answered and refused.</summary>
    Refused,

    /// <summary>The answer is not one the profile allows: wrong status, too large, malformed, for another message.</summary>
    InvalidResponse,

    /// <summary>The answer is well formed but does not prove to be the peer's.</summary>
    AuthenticationFailed,

    /// <summary>The key that proved the peer's identity is no longer usable; the session is closed.</summary>
    PeerKeyRevoked,

    /// <summary>The session is closed: disposed, or an earlier request on it did not complete.</summary>
    Closed,
}
