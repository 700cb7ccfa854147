using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Authenticates requests by their signatures (RFC 9421).</summary>
internal sealed class HttpSignatureHandler(
    IOptionsMonitor<HttpSignatureOptions> options, ILoggerFactory logger, UrlEncoder encoder, HttpMessageVerifier verifier)
    : AuthenticationHandler<HttpSignatureOptions>(options, logger, encoder)
{
    private new HttpSignatureEvents Events => (HttpSignatureEvents)base.Events!;

    private HttpSignatureMetadata? Metadata => Context.GetEndpoint()?.Metadata.GetMetadata<HttpSignatureMetadata>();

    private SignaturePolicy Policy => Metadata?.Policy ?? Options.Policy;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new HttpSignatureEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A signature can be verified once: where the endpoint asks another scheme for it, that one does.
        if (Metadata is { } metadata && metadata.Scheme != Scheme.Name)
        {
            return AuthenticateResult.NoResult();
        }

        if (!Request.Headers.ContainsKey(SignatureFields.InputName) && !Request.Headers.ContainsKey(SignatureFields.SignatureName))
        {
            return AuthenticateResult.NoResult();
        }

        SignaturePolicy policy = Policy;
        SignatureVerificationResult result;
        try
        {
            result = await verifier.VerifyAsync(IncomingRequest.Describe(Context, Options.PublicOrigin), policy, Context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            // The server refused the body on its way in: too slow, too long, badly chunked.
            Log.SignedBodyRefused(Logger, exception.StatusCode);
            return AuthenticateResult.Fail(exception);
        }

        return result.IsValid ? await AcceptAsync(policy, result) : await RefuseAsync(result.Error, result.Detail);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is BadHttpRequestException { StatusCode: var status })
        {
            Response.StatusCode = status;
            return;
        }

        HttpSignatureFailure? failure = result.Failure as HttpSignatureFailure;
        SignatureError error = failure?.Error ?? (result.None ? SignatureError.NotSigned : SignatureError.None);
        HttpSignatureChallengeContext challenge = new(Context, Scheme, Options, properties, error, failure?.Detail);
        await Events.OnChallenge(challenge);
        if (challenge.Handled)
        {
            return;
        }

        SignatureContext request = IncomingRequest.Describe(Context, Options.PublicOrigin);
        await SignatureChallenge.WriteAsync(Response, AcceptSignature.FromPolicy(Policy, request), Options.IncludeErrorDetails ? challenge : null);
    }

    private async Task<AuthenticateResult> AcceptAsync(SignaturePolicy policy, SignatureVerificationResult result)
    {
        VerifiedSignature signature = result.Signature!;
        ClaimsPrincipal principal = SignaturePrincipal.Create(signature, Scheme.Name, ClaimsIssuer);
        HttpSignatureVerifiedContext verified = new(Context, Scheme, Options, principal, signature);
        await Events.OnSignatureVerified(verified);
        if (verified.Result is null)
        {
            verified.Success();
        }

        if (verified.Result!.Succeeded)
        {
            Context.Features.Set<IHttpSignatureFeature>(new HttpSignatureFeature(Scheme.Name, policy, result));
        }

        return verified.Result;
    }

    private async Task<AuthenticateResult> RefuseAsync(SignatureError error, string? detail)
    {
        await Events.OnAuthenticationFailed(new HttpSignatureFailedContext(Context, Scheme, Options, error, detail));
        return AuthenticateResult.Fail(new HttpSignatureFailure(error, detail));
    }
}
