using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>A request that is about to be answered with a challenge.</summary>
public sealed class HttpSignatureChallengeContext : PropertiesContext<HttpSignatureOptions>
{
    internal HttpSignatureChallengeContext(
        HttpContext context, AuthenticationScheme scheme, HttpSignatureOptions options, AuthenticationProperties properties, SignatureError error, string? detail)
        : base(context, scheme, options, properties)
    {
        Error = error;
        Detail = detail;
    }

    /// <summary>
    /// Why the request does not count as signed: <see cref="SignatureError.NotSigned"/> when it carries no signature, and
    /// <see cref="SignatureError.None"/> when it was refused for a reason that is not in the signature.
    /// </summary>
    public SignatureError Error { get; }

    /// <summary>More about the reason; never a secret.</summary>
    public string? Detail { get; }

    /// <summary>Whether the application has written the answer.</summary>
    public bool Handled { get; private set; }

    /// <summary>Says that the application has written the answer.</summary>
    public void HandleResponse() => Handled = true;
}
