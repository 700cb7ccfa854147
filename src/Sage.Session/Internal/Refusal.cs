namespace Sage.Session;

/// <summary>Why the listener refused; for logs and metrics only, the peer is never told.</summary>
internal enum Refusal
{
    Malformed,
    HeaderMismatch,
    Unsupported,
    ContextMismatch,
    RateLimited,
    CookieRequired,
    Expired,
    PeerNotFound,
    PeerNotUsable,
    ResolutionTooOld,
    ResolverFailed,
    SignatureMismatch,
    NotAccepted,
    Replayed,
    StoreFull,
    StoreFailed,
    StoreConflict,
    StateRejected,
    Capacity,
    KeyAgreement,
    SessionNotFound,
    PeerMismatch,
    KeyRevoked,
    RecordRejected,
    SessionExhausted,
    HandlerFailed,
    SignerFailed,
    Other,
}
