namespace Sage.AspNetCore;

/// <summary>
/// The types of the claims that a verified signature gives. Besides these there is
/// <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, which equals <see cref="Subject"/>.
/// </summary>
public static class HttpSignatureClaimTypes
{
    /// <summary>Who signed, as the source of the key says: a DID, or the URL of a key directory.</summary>
    public const string Subject = "sub";

    /// <summary>The DID of who signed; absent when the subject is none.</summary>
    public const string Did = "sage:did";

    /// <summary>The <c>keyid</c> of the signature.</summary>
    public const string KeyId = "sage:keyid";

    /// <summary>The identifier of a covered component, for example <c>"@method"</c> with its quotes; one claim for each.</summary>
    public const string Covered = "sage:covered";
}
