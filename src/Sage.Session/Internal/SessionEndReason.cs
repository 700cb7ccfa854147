namespace Sage.Session;

/// <summary>Why a session ended.</summary>
internal enum SessionEndReason
{
    Closed,
    Expired,
    Error,
    Revoked,

    /// <summary>This process let go of its copy; the session goes on in the store.</summary>
    Released,
}
