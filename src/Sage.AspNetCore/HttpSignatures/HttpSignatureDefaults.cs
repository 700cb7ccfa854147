namespace Sage.AspNetCore;

/// <summary>Names of the authentication scheme for HTTP message signatures.</summary>
public static class HttpSignatureDefaults
{
    /// <summary>The name of the scheme unless another is given.</summary>
    public const string AuthenticationScheme = "HttpSignature";
}
