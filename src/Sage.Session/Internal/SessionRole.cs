namespace Sage.Session;

/// <summary>Which end of a session this is.</summary>
internal enum SessionRole
{
    Initiator,
    Responder,
}
