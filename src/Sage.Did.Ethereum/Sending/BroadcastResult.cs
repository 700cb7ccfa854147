namespace Sage.Did.Ethereum;

/// <summary>What became of bytes that were sent.</summary>
internal enum BroadcastResult
{
    /// <summary>The node has the transaction, in its pool or in a block.</summary>
    Accepted,

    /// <summary>The node has, or had, another transaction with this nonce, and these bytes were never there.</summary>
    NonceTaken,

    /// <summary>The node refused the transaction.</summary>
    Rejected,

    /// <summary>The node may or may not have it.</summary>
    Unknown,
}
