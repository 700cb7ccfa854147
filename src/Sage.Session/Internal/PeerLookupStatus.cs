namespace Sage.Session;

/// <summary>What became of a look-up.</summary>
internal enum PeerLookupStatus
{
    Active,
    NotActive,
    TooOld,
    Unreachable,
}
