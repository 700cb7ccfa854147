namespace Sage.Did;

/// <summary>What an agent card is worth. The set is closed; only <see cref="Valid"/> says who made it.</summary>
public enum AgentCardResult
{
    /// <summary>The card is signed by a usable key of the agent's record.</summary>
    Valid,

    /// <summary>
    /// The card is signed by a key that stands in the card itself, and no record was there to compare: anybody could have
    /// made it, for any DID.
    /// </summary>
    SelfAsserted,

    /// <summary>The card is not JSON of the form of SAGE profile P1 §7, is too large, or has no proof.</summary>
    Malformed,

    /// <summary>The card lists no key, or several, of the name in the proof, or the key and the proof are of different types.</summary>
    KeyNotFound,

    /// <summary>The two encodings of the key in the card differ, or are no valid key.</summary>
    KeyInvalid,

    /// <summary>The signature is not that key's over that card.</summary>
    BadSignature,

    /// <summary>The record is of another DID, is invalid or inactive, or the key is not a usable one of it under that name.</summary>
    RecordMismatch,
}
