namespace Sage.Hosting;

/// <summary>Why a secret cannot be had.</summary>
public enum SecretError
{
    /// <summary>The reference cannot be read, or no source has its scheme.</summary>
    InvalidReference,

    /// <summary>There is nothing at that place.</summary>
    NotFound,

    /// <summary>The source refuses to give it.</summary>
    Denied,

    /// <summary>The source cannot be reached, or does not answer in time; it may be worth another try.</summary>
    Unavailable,

    /// <summary>What is there is no secret: empty, too large, or not in the form the source promises.</summary>
    InvalidSecret,

    /// <summary>It lies where others can change it.</summary>
    Unprotected,
}
