using Microsoft.AspNetCore.Authentication;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>The options of the authentication scheme for HTTP message signatures; checked at start.</summary>
public class HttpSignatureOptions : AuthenticationSchemeOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public HttpSignatureOptions() => Events = new HttpSignatureEvents();

    /// <summary>What a signature must look like, where the endpoint names no policy of its own.</summary>
    /// <value><see cref="SignaturePolicy.Default"/> unless set.</value>
    public SignaturePolicy Policy { get; set; } = SignaturePolicy.Default;

    /// <summary>
    /// The scheme, authority and path prefix under which clients reach this application, when a proxy stands in front that
    /// does not tell (or is not believed) by forwarded headers: an absolute http or https URL without query and fragment.
    /// It replaces what the request says of all three; the request target is put behind it.
    /// </summary>
    public Uri? PublicOrigin { get; set; }

    /// <summary>
    /// Whether the answer to a refused request says why. Set it to <c>builder.Environment.IsDevelopment()</c>: a caller who
    /// is told the reason learns how to get further.
    /// </summary>
    public bool IncludeErrorDetails { get; set; }

    /// <summary>What the application does when a request is verified, refused or challenged.</summary>
    public new HttpSignatureEvents Events
    {
        get => (HttpSignatureEvents)base.Events!;
        set => base.Events = value;
    }
}
