namespace Sage.Did;

/// <summary>What became of a registry write. The set is closed.</summary>
public enum RegistryWriteResult
{
    /// <summary>The record was written.</summary>
    Written,

    /// <summary>The owner's proof is missing, does not verify, or is not by the account that the DID names.</summary>
    NotAuthorised,

    /// <summary>The version is not the stored one plus one, or the previous record is another: read again and repeat.</summary>
    VersionConflict,

    /// <summary>
    /// The record is malformed or too large, lists a new key without a valid proof, or differs from the stored one in other
    /// things than its operation may change.
    /// </summary>
    InvalidChange,

    /// <summary>A revoked key would return.</summary>
    RevokedKey,

    /// <summary>The stored record is deactivated, which is final.</summary>
    Deactivated,

    /// <summary>The registry is full.</summary>
    Full,

    /// <summary>The operation changes a record, but the registry has none of this DID.</summary>
    NotFound,

    /// <summary>
    /// What is stored for the DID is malformed, is there twice, or carries a false owner's proof. It must be mended where it
    /// is stored first.
    /// </summary>
    StoredRecordInvalid,
}
