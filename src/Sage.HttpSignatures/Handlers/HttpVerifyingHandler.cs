namespace Sage.HttpSignatures;

/// <summary>
/// Verifies the signature of every response (RFC 9421) against the request that was sent, and throws when it does not count.
/// It stands right outside <see cref="HttpSigningHandler"/>, so that what it compares with is what was sent last.
/// </summary>
/// <remarks>
/// <para>The body of a signed response is buffered, at most <see cref="SignaturePolicy.MaxBodySize"/> bytes, also for callers
/// that asked for the headers only; it stays readable. The digest is of the body as transferred: with
/// <c>AutomaticDecompression</c> it cannot be verified.</para>
/// <para>Only asynchronous calls are supported. Safe to use from any thread.</para>
/// </remarks>
public sealed class HttpVerifyingHandler : DelegatingHandler
{
    private readonly HttpMessageVerifier verifier;
    private readonly SignaturePolicy policy;
    private readonly bool requireSigned;
    private readonly string? expectedSubject;

    /// <summary>Makes a handler; <see cref="DelegatingHandler.InnerHandler"/> is what sends.</summary>
    /// <param name="verifier">Verifies.</param>
    /// <param name="options">What is let through; what the default policy accepts from anyone, when not given.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public HttpVerifyingHandler(HttpMessageVerifier verifier, HttpVerifyingHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        options ??= new HttpVerifyingHandlerOptions();
        if (options.FirstProblem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        this.verifier = verifier;
        policy = options.Policy;
        requireSigned = options.RequireSigned;
        expectedSubject = options.ExpectedSubject;
    }

    /// <summary>The key of the option of the request that holds the signature of its response; <see cref="HttpSigningExtensions.GetVerifiedSignature"/> reads it.</summary>
    public static HttpRequestOptionsKey<VerifiedSignature> Signature { get; } = new("Sage.HttpSignatures.VerifiedSignature");

    /// <summary>Sends a request and verifies the response.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SignatureException">The response does not count; its status is in <see cref="HttpRequestException.StatusCode"/>.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // What an earlier attempt found says nothing about this one.
        Forget(request);
        (HttpMethod method, Uri? target, string? host) = (request.Method, request.RequestUri, request.Headers.Host);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        bool counts = false;
        try
        {
            response.RequestMessage ??= request;
            HttpRequestMessage sent = response.RequestMessage;
            Forget(sent);
            if (sent.Method != method || sent.RequestUri != target || sent.Headers.Host != host)
            {
                throw Refuse(response, SignatureError.RequestChanged, "it answers another request than the one that was sent; a redirect was followed, set AllowAutoRedirect to false");
            }

            await VerifyAsync(response, sent, cancellationToken).ConfigureAwait(false);
            counts = true;
            return response;
        }
        finally
        {
            if (!counts)
            {
                response.Dispose();
            }
        }
    }

    /// <summary>Not supported: verifying is asynchronous.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A response is verified asynchronously: call SendAsync of the client instead of Send.");

    private static void Forget(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options).Remove(Signature.Key);

    private static SignatureException Refuse(HttpResponseMessage response, SignatureError error, string reason) =>
        new(error, $"The response of {response.RequestMessage?.RequestUri?.Authority} does not count: {reason}.", response.StatusCode);

    private async ValueTask VerifyAsync(HttpResponseMessage response, HttpRequestMessage sent, CancellationToken cancellationToken)
    {
        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForResponse(response), policy, cancellationToken).ConfigureAwait(false);
        if (result.Error == SignatureError.NotSigned && !requireSigned)
        {
            return;
        }

        if (!result.IsValid)
        {
            throw Refuse(response, result.Error, result.Detail is { } detail ? $"{result.Error} ({detail})" : result.Error.ToString());
        }

        VerifiedSignature? signature = expectedSubject is null
            ? result.Signature
            : result.Signatures.FirstOrDefault(candidate => string.Equals(candidate.Subject, expectedSubject, StringComparison.Ordinal));
        if (signature is null)
        {
            throw Refuse(response, SignatureError.WrongSigner, $"'{result.Signature.Subject}' signed it, not '{expectedSubject}'");
        }

        sent.Options.Set(Signature, signature);
    }
}
