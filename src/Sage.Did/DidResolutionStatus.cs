namespace Sage.Did;

/// <summary>How a DID resolution ended. The set is closed.</summary>
public enum DidResolutionStatus
{
    /// <summary>The identity is known and active.</summary>
    Resolved,

    /// <summary>The identity is not known to the source.</summary>
    NotFound,

    /// <summary>The identity is deactivated: nothing of it is trusted.</summary>
    Deactivated,

    /// <summary>The DID or its record is malformed, ambiguous, or carries an owner proof that does not verify.</summary>
    Invalid,

    /// <summary>No resolver handles the method of the DID.</summary>
    MethodNotSupported,
}
