using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;
using Sage.HttpSignatures.Internal;

namespace Sage.AspNetCore;

/// <summary>
/// One response on its way to be signed. The signature is made when the response starts, after everything behind the
/// middleware has set its fields, and the body follows only then.
/// </summary>
internal sealed class SignedResponse(HttpContext context, HttpMessageSigner signer, SignaturePolicy? policy, SignatureContext request, ResponseBuffer buffer)
{
    private readonly HttpResponse response = context.Response;
    private bool abandoned;

    // 1xx, 204 and 304 have no body, and neither has the answer to HEAD, whatever its fields say (RFC 9110 §6.4.1).
    private bool HasBody => response.StatusCode is >= 200 and not 204 and not 304 && !HttpMethods.IsHead(context.Request.Method) && buffer.Written.Length > 0;

    /// <summary>Why the response is not sent as it was written; <see langword="null"/> if it is.</summary>
    public string? FailureReason { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>What is to be sent.</summary>
    public ReadOnlyMemory<byte> Body => FailureReason is null && HasBody ? buffer.Written : default;

    /// <summary>Leaves the response to somebody else.</summary>
    public void Abandon() => abandoned = true;

    /// <summary>Adds digest, length and signature; a response that cannot be signed is emptied.</summary>
    public async Task SignAsync()
    {
        if (abandoned)
        {
            return;
        }

        if (buffer.IsOverfull)
        {
            Fail("it is too long", null);
            return;
        }

        try
        {
            AddDigest();
            SignatureContext message = SignatureContext.ForResponse(
                response.StatusCode,
                name => response.Headers.TryGetValue(name, out StringValues lines) ? lines : StringValues.Empty,
                request,
                HasBody ? BodyPresence.Present : BodyPresence.None,
                (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(Body));
            SigningOverrides? overrides = policy is null ? null : new SigningOverrides { Policy = policy };
            SignatureFields fields = await signer.SignAsync(message, overrides, context.RequestAborted);
            response.Headers.Append(SignatureFields.InputName, fields.SignatureInput);
            response.Headers.Append(SignatureFields.SignatureName, fields.Signature);
        }
        catch (SignatureException) when (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            // The request has a field that no signature can cover, and was refused: the refusal is the same for all, and nobody need believe it.
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            // Whatever a signer may throw: an unsigned response must not leave.
            Fail(exception.Message, exception);
        }
    }

    private void Fail(string reason, Exception? exception)
    {
        FailureReason = reason;
        Failure = exception;
        response.Headers.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
        response.ContentLength = 0;
    }

    private void AddDigest()
    {
        // Only the signature made here speaks for this response.
        response.Headers.Remove(SignatureFields.InputName);
        response.Headers.Remove(SignatureFields.SignatureName);
        if (!HasBody)
        {
            response.Headers.Remove(ContentDigest.FieldName);
            return;
        }

        DigestAlgorithm algorithm = WantContentDigest.TryParse(context.Request.Headers[WantContentDigest.FieldName], out DigestAlgorithm? wanted)
            ? wanted.Value
            : signer.Options.Digest;
        response.Headers[ContentDigest.FieldName] = ContentDigest.Compute(buffer.Written.Span, algorithm);
        response.ContentLength = buffer.Written.Length;
    }
}
