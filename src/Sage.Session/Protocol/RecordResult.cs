namespace Sage.Session;

/// <summary>What became of a received record. Only <see cref="Opened"/> delivers a plaintext.</summary>
internal enum RecordResult
{
    /// <summary>The record is authentic, new and in order of the window.</summary>
    Opened,

    /// <summary>Shorter than a record can be, or with the one sequence number that is never sent.</summary>
    Malformed,

    /// <summary>A record with this sequence number was opened before.</summary>
    Replayed,

    /// <summary>Older than the window reaches: whether it was opened before is not known.</summary>
    Stale,

    /// <summary>Changed, sealed with another key or direction, or with other additional data.</summary>
    NotAuthentic,

    /// <summary>The session has reached its age, its idle time or its number of messages; its keys are erased.</summary>
    Expired,

    /// <summary>The session is disposed.</summary>
    Closed,
}
