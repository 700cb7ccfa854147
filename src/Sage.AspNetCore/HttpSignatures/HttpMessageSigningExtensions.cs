using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sage.AspNetCore;
using Sage.HttpSignatures;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Signs responses (RFC 9421 §2.4: bound to the requests they answer).</summary>
public static class HttpMessageSigningExtensions
{
    /// <summary>
    /// Signs the responses of endpoints that <see cref="SignHttpResponse"/> marks, with the <see cref="HttpMessageSigner"/> of
    /// the application. Call it behind <c>UseForwardedHeaders</c> and <c>UseRouting</c>, and before <c>UseAuthentication</c>,
    /// <c>UseResponseCompression</c> and whatever else writes or changes responses, for only what comes behind it is signed.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException">There is no signer.</exception>
    public static IApplicationBuilder UseHttpMessageSigning(this IApplicationBuilder app) => app.UseHttpMessageSigning(static _ => true);

    /// <summary>
    /// Signs responses as the other overload does, while a condition holds; while it does not, the same endpoints answer unsigned.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="when">Asked once for every request of an endpoint that signs.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException">There is no signer.</exception>
    public static IApplicationBuilder UseHttpMessageSigning(this IApplicationBuilder app, Func<HttpContext, bool> when)
    {
        ArgumentNullException.ThrowIfNull(when);
        ArgumentNullException.ThrowIfNull(app);
        HttpMessageSigner signer = app.ApplicationServices.GetService<HttpMessageSigner>() ?? throw new InvalidOperationException(
            "There is no HttpMessageSigner to sign responses with. You must call AddHttpMessageSigner(…) on the result of AddSage, or register one, before UseHttpMessageSigning.");
        return app.UseMiddleware<HttpMessageSigningMiddleware>(signer, when);
    }

    /// <summary>
    /// Has the responses of an endpoint signed. A response is kept until it is whole, so do not mark endpoints that stream; one
    /// that cannot be signed (too long, or the key fails) is replaced by an empty one with status 500. The application must call
    /// <see cref="UseHttpMessageSigning(IApplicationBuilder)"/>, or the endpoint fails.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group of endpoints.</param>
    /// <param name="policy">What signatures look like, and how long a response may be; the signer's policy when not given.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder SignHttpResponse<TBuilder>(this TBuilder builder, SignaturePolicy? policy = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(endpoint =>
        {
            endpoint.Metadata.Add(new HttpResponseSigningMetadata(policy));
            RequireMiddleware(endpoint);
        });
        return builder;
    }

    // As with authorization: an endpoint that asks for it must not run where nobody does it.
    private static void RequireMiddleware(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } answer)
        {
            return;
        }

        endpoint.RequestDelegate = context => context.Features.Get<ResponseSigningFeature>() is not null
            ? answer(context)
            : throw new InvalidOperationException(
                $"The endpoint '{context.GetEndpoint()?.DisplayName}' signs its responses. You must call app.UseHttpMessageSigning() behind UseRouting and before UseAuthentication.");
    }
}
