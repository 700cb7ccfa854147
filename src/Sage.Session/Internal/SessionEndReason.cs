namespace Sage.Session;

/// <summary>Why a session ended.</summary>
internal enum SessionEndReason
{
    Closed,
    Expired,
    Error,
    Revoked,
}
