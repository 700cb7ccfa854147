using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Describes a request of ASP.NET Core to the verifier.</summary>
internal static class IncomingRequest
{
    public static SignatureContext Describe(HttpContext context, Uri? publicOrigin)
    {
        HttpRequest request = context.Request;
        PublicTarget target = PublicTarget.Of(context, publicOrigin);
        BodyPresence body = Presence(context);

        // Kestrel reads fields as strict UTF-8 and refuses others, so encoding them so again gives the octets received.
        return SignatureContext.ForRequest(
            request.Method,
            target.Scheme,
            target.Authority,
            target.RequestTarget,
            name => request.Headers.TryGetValue(name, out StringValues lines) ? lines : StringValues.Empty,
            body,
            body == BodyPresence.None ? null : (limit, cancellationToken) => RequestBody.ReadAsync(request, limit, cancellationToken),
            Encoding.UTF8,
            name => Trailer(request, name));
    }

    private static BodyPresence Presence(HttpContext context)
    {
        bool possible = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        return context.Request.ContentLength switch
        {
            0 => BodyPresence.None,
            null => possible ? BodyPresence.Unknown : BodyPresence.None,
            _ => BodyPresence.Present,
        };
    }

    // Known only once the body was read to its end.
    private static StringValues Trailer(HttpRequest request, string name) =>
        request.SupportsTrailers() && request.CheckTrailersAvailable() ? request.GetTrailer(name) : StringValues.Empty;
}
