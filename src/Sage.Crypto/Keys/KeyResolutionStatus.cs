namespace Sage.Crypto;

/// <summary>How a key resolution ended. The set is closed.</summary>
public enum KeyResolutionStatus
{
    /// <summary>The identity is known and active, and at least one usable key was found.</summary>
    Resolved,

    /// <summary>The identity is not known.</summary>
    NotFound,

    /// <summary>The identity is deactivated: nothing of it is trusted.</summary>
    Deactivated,

    /// <summary>The identity is known but has no usable key for the use, or the fragment names none.</summary>
    NoUsableKey,

    /// <summary>The identifier or the record behind it is malformed.</summary>
    Invalid,
}
