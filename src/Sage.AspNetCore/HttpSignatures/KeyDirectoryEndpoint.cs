using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Serves the key directory of Web Bot Auth, signed once by every key in it and bound to the authority that was asked.</summary>
internal sealed class KeyDirectoryEndpoint
{
    private readonly IReadOnlyList<HttpMessageSigner> signers;
    private readonly byte[] document;
    private readonly string digest;
    private readonly EntityTagHeaderValue tag;
    private readonly string cacheControl;

    public KeyDirectoryEndpoint(KeyDirectory directory, IReadOnlyList<HttpMessageSigner> signers, TimeSpan freshness)
    {
        this.signers = signers;
        document = directory.ToJson();
        digest = ContentDigest.Compute(document);
        tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 16))}\"");
        cacheControl = $"public, max-age={(long)freshness.TotalSeconds}";
    }

    public async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = cacheControl;
        response.Headers.ETag = tag.ToString();
        if (IsKnown(context.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = KeyDirectory.MediaType;
        response.ContentLength = document.Length;
        response.Headers[ContentDigest.FieldName] = digest;
        await SignAsync(context);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(document, context.RequestAborted);
        }
    }

    private async Task SignAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        SignatureContext message = SignatureContext.ForResponse(
            StatusCodes.Status200OK,
            name => response.Headers[name],
            IncomingRequest.Describe(context, publicOrigin: null),
            BodyPresence.Present,
            (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(document));
        for (int i = 0; i < signers.Count; i++)
        {
            SigningOverrides overrides = new() { Label = $"sig{i + 1}" };
            SignatureFields fields = await signers[i].SignAsync(message, overrides, context.RequestAborted);
            response.Headers.Append(SignatureFields.InputName, fields.SignatureInput);
            response.Headers.Append(SignatureFields.SignatureName, fields.Signature);
        }
    }

    private bool IsKnown(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? known)
        && known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
}
