using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Signs the responses of the endpoints that ask for it, and lets none of them leave unsigned.</summary>
internal sealed class HttpMessageSigningMiddleware(
    RequestDelegate next, HttpMessageSigner signer, Func<HttpContext, bool> when, IServiceProvider services, ILogger<HttpMessageSigningMiddleware> logger)
{
    private readonly string? defaultScheme = HttpSignatureSchemes.FindOrNull(services);
    private readonly IOptionsMonitor<HttpSignatureOptions>? options = services.GetService<IOptionsMonitor<HttpSignatureOptions>>();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HttpResponseSigningMetadata>() is not { } metadata
            || context.Features.Get<ResponseSigningFeature>() is not null)
        {
            await next(context);
            return;
        }

        if (!when(context))
        {
            // The endpoint sees that it was not forgotten.
            context.Features.Set(ResponseSigningFeature.Instance);
            await next(context);
            return;
        }

        SignaturePolicy policy = metadata.Policy ?? signer.Policy;
        ResponseBuffer buffer = new(policy.MaxBodySize);
        SignedResponse signed = new(context, signer, metadata.Policy, IncomingRequest.Describe(context, PublicOrigin(context)), buffer);

        // Callbacks run last first: those of everything behind this one have then set their fields.
        context.Response.OnStarting(signed.SignAsync);
        context.Features.Set(ResponseSigningFeature.Instance);
        IHttpResponseBodyFeature body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        StreamResponseBodyFeature buffered = new(buffer, body);
        context.Features.Set<IHttpResponseBodyFeature>(buffered);
        bool answered = false;
        try
        {
            await next(context);
            await buffered.CompleteAsync();
            answered = true;
        }
        catch (Exception) when (buffer.IsOverfull)
        {
            // The buffer has refused the rest; logged below, together with responses that fail to be signed.
            answered = true;
        }
        finally
        {
            buffered.Dispose();
            context.Features.Set(body);
            if (!answered)
            {
                // An exception: who answers it in front of this middleware writes another response.
                signed.Abandon();
                context.Features.Set<ResponseSigningFeature>(null);
            }
        }

        await SendAsync(context, signed);
    }

    private async Task SendAsync(HttpContext context, SignedResponse signed)
    {
        await context.Response.StartAsync(context.RequestAborted);
        if (signed.FailureReason is { } reason)
        {
            Log.ResponseNotSigned(logger, signed.Failure, reason);
        }
        else if (signed.Body.Length > 0)
        {
            await context.Response.Body.WriteAsync(signed.Body, context.RequestAborted);
        }
    }

    private Uri? PublicOrigin(HttpContext context)
    {
        string? scheme = context.GetEndpoint()?.Metadata.GetMetadata<HttpSignatureMetadata>()?.Scheme ?? defaultScheme;
        return scheme is null ? null : options?.Get(scheme).PublicOrigin;
    }
}
