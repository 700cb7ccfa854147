namespace Sage.Crypto;

/// <summary>What became of a nonce. The set is closed.</summary>
public enum NonceResult
{
    /// <summary>Seen for the first time, and remembered.</summary>
    Accepted,

    /// <summary>Seen before.</summary>
    Replayed,

    /// <summary>The store, or this scope's share of it, is full; the message must be refused.</summary>
    Full,
}
