using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>A request whose signature does not count.</summary>
public sealed class HttpSignatureFailedContext : BaseContext<HttpSignatureOptions>
{
    internal HttpSignatureFailedContext(
        HttpContext context, AuthenticationScheme scheme, HttpSignatureOptions options, SignatureError error, string? detail)
        : base(context, scheme, options)
    {
        Error = error;
        Detail = detail;
    }

    /// <summary>The reason. For logs and metrics, never for the caller.</summary>
    public SignatureError Error { get; }

    /// <summary>More about the reason; never a secret.</summary>
    public string? Detail { get; }
}
