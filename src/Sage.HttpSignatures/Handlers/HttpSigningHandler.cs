using Sage.HttpSignatures.Internal;

namespace Sage.HttpSignatures;

/// <summary>
/// Signs every outgoing request (RFC 9421). It stands innermost, so that each retry of a handler around it is signed afresh,
/// with a nonce and a time of its own. A request that cannot be signed is not sent.
/// </summary>
/// <remarks>
/// <para>It follows no redirect and lets the primary handler follow none, since a signature is for one target: a 3xx goes to
/// the caller, whose new request is signed for its own. A primary handler that is not the framework's cannot be checked.</para>
/// <para>Only asynchronous calls are supported. Safe to use from any thread.</para>
/// </remarks>
public sealed class HttpSigningHandler : DelegatingHandler
{
    private readonly Func<CancellationToken, ValueTask<HttpMessageSigner>> signer;
    private readonly HttpSigningMode mode;
    private readonly bool answerChallenges;
    private readonly OriginMemory origins;
    private volatile bool isChecked;

    /// <summary>Makes a handler; <see cref="DelegatingHandler.InnerHandler"/> is what sends.</summary>
    /// <param name="signer">Signs.</param>
    /// <param name="options">When it signs; always, when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none.</exception>
    public HttpSigningHandler(HttpMessageSigner signer, HttpSigningHandlerOptions? options = null)
        : this(Given(signer), options ?? new HttpSigningHandlerOptions(), new OriginMemory())
    {
    }

    internal HttpSigningHandler(Func<CancellationToken, ValueTask<HttpMessageSigner>> signer, HttpSigningHandlerOptions options, OriginMemory origins)
    {
        if (!Enum.IsDefined(options.Mode))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "There is no such mode.");
        }

        this.signer = signer;
        this.origins = origins;
        mode = options.Mode;
        answerChallenges = options.AnswerChallenges;
    }

    /// <summary>The key of the request option that says what is different for one request; <see cref="HttpSigningExtensions.SetSigning"/> sets it.</summary>
    public static HttpRequestOptionsKey<SigningOverrides> Overrides { get; } = new("Sage.HttpSignatures.Overrides");

    /// <summary>Signs a request and sends it, a second time if the response asks for another signature.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SignatureException">The request cannot be signed; it was not sent.</exception>
    /// <exception cref="InvalidOperationException">The primary handler follows redirects.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireNoRedirects();
        if (request.IsSigningSkipped())
        {
            RequestSigning.TakeBack(request);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        HttpMessageSigner own = await signer(cancellationToken).ConfigureAwait(false);
        request.Options.TryGetValue(Overrides, out SigningOverrides? overrides);
        Uri? target = request.RequestUri;
        bool buffered = false;
        if (mode == HttpSigningMode.Always || origins.Contains(OriginOf(request)))
        {
            await RequestSigning.SignAsync(own, request, overrides, digest: null, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            RequestSigning.AddedTo(request, own).Remove();
            buffered = await TryBufferAsync(request, (overrides?.Policy ?? own.Policy).MaxBodySize, cancellationToken).ConfigureAwait(false);
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        // Something inside may have sent it elsewhere; what is asked for there is not ours to give.
        return ReferenceEquals(request.RequestUri, target) && (response.RequestMessage ?? request).RequestUri == target
            ? await AnswerAsync(request, response, own, overrides, buffered, cancellationToken).ConfigureAwait(false)
            : response;
    }

    /// <summary>Not supported: signing is asynchronous.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A request is signed asynchronously: call SendAsync of the client instead of Send.");

    private static Func<CancellationToken, ValueTask<HttpMessageSigner>> Given(HttpMessageSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return _ => ValueTask.FromResult(signer);
    }

    private static string OriginOf(HttpRequestMessage request)
    {
        SignatureContext context = SignatureContext.ForRequest(request);
        return $"{context.Scheme}://{context.Authority}";
    }

    // So that it can be sent twice. A stream of unknown length could turn out too long when half of it is read.
    private static async ValueTask<bool> TryBufferAsync(HttpRequestMessage request, int limit, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content || content.Headers.NonValidated.Contains(ContentDigest.FieldName)
            || content.Headers.ContentLength is not { } length || length > limit)
        {
            return false;
        }

        await content.LoadIntoBufferAsync(limit, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<HttpResponseMessage> AnswerAsync(
        HttpRequestMessage request, HttpResponseMessage response, HttpMessageSigner own, SigningOverrides? overrides, bool buffered, CancellationToken cancellationToken)
    {
        AddedFields sent = RequestSigning.AddedTo(request, own);
        if (ChallengeAnswer.To(response, own, overrides, sent) is not { } answer)
        {
            return response;
        }

        if (mode == HttpSigningMode.WhenAsked)
        {
            origins.Add(OriginOf(request));
        }

        bool again = buffered || request.Content is null or ByteArrayContent or ReadOnlyMemoryContent || sent.IsOn(request.Content.Headers);
        if (!answerChallenges || !again || !await TrySignAgainAsync(request, response, own, answer, cancellationToken).ConfigureAwait(false))
        {
            return response;
        }

        response.Dispose();
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<bool> TrySignAgainAsync(
        HttpRequestMessage request, HttpResponseMessage response, HttpMessageSigner own, ChallengeAnswer answer, CancellationToken cancellationToken)
    {
        AddedFields fields = RequestSigning.AddedTo(request, own);
        AddedFields before = fields.Copy();
        try
        {
            await RequestSigning.SignAsync(own, request, answer.Overrides, answer.Digest, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SignatureException)
        {
            // Asked for what the request does not have: the response stays the answer, to the request as it was sent.
            fields.ReplaceBy(before);
            return false;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void RequireNoRedirects()
    {
        if (!isChecked)
        {
            if (PrimaryHandler.FollowsRedirects(PrimaryHandler.Of(InnerHandler)))
            {
                throw new InvalidOperationException(PrimaryHandler.Advice);
            }

            isChecked = true;
        }
    }
}
