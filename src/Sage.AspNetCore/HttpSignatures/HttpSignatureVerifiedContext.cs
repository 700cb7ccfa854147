using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>A request whose signature was verified.</summary>
public sealed class HttpSignatureVerifiedContext : ResultContext<HttpSignatureOptions>
{
    internal HttpSignatureVerifiedContext(
        HttpContext context, AuthenticationScheme scheme, HttpSignatureOptions options, ClaimsPrincipal principal, VerifiedSignature signature)
        : base(context, scheme, options)
    {
        Principal = principal;
        Signature = signature;
    }

    /// <summary>The signature that counts, the first of several.</summary>
    public VerifiedSignature Signature { get; }
}
