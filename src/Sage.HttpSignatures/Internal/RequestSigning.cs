using Microsoft.Extensions.Primitives;

namespace Sage.HttpSignatures.Internal;

/// <summary>Puts a signature, and the fields it covers, on a request of <see cref="HttpClient"/>.</summary>
internal static class RequestSigning
{
    private const string SignatureAgentField = "Signature-Agent";

    // By key id: two agents, or two keys of one, may sign a request, each under a label of its own.
    private static readonly HttpRequestOptionsKey<Dictionary<string, AddedFields>> Added = new("Sage.HttpSignatures.AddedFields");

    /// <summary>Signs a request in place.</summary>
    /// <param name="signer">Signs.</param>
    /// <param name="request">The request.</param>
    /// <param name="overrides">What is different for this request.</param>
    /// <param name="digest">The digest of the body; null for the signer's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async ValueTask SignAsync(
        HttpMessageSigner signer, HttpRequestMessage request, SigningOverrides? overrides, DigestAlgorithm? digest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        SignaturePolicy policy = overrides?.Policy ?? signer.Policy;
        AddedFields added = AddedTo(request, signer);
        added.Remove();
        await AddDigestAsync(digest ?? signer.Options.Digest, policy, request, added, cancellationToken).ConfigureAwait(false);
        AddNamedFields(signer, policy, request, added);
        AddAgent(signer, policy, request, added, overrides);

        SignatureContext context = SignatureContext.ForRequest(request);
        SignatureFields fields = await signer.SignAsync(context, overrides, cancellationToken).ConfigureAwait(false);
        RequireFreeLabel(context, fields.Label);
        added.Add(request.Headers, SignatureFields.InputName, fields.SignatureInput);
        added.Add(request.Headers, SignatureFields.SignatureName, fields.Signature);
    }

    /// <summary>What a signer added to a request that is still there.</summary>
    public static AddedFields AddedTo(HttpRequestMessage request, HttpMessageSigner signer)
    {
        if (!request.Options.TryGetValue(Added, out Dictionary<string, AddedFields>? signers))
        {
            signers = [];
            request.Options.Set(Added, signers);
        }

        if (!signers.TryGetValue(signer.KeyId, out AddedFields? added))
        {
            added = new AddedFields();
            signers.Add(signer.KeyId, added);
        }

        return added;
    }

    /// <summary>Takes away what any signer added to a request.</summary>
    public static void TakeBack(HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(Added, out Dictionary<string, AddedFields>? signers))
        {
            foreach (AddedFields added in signers.Values)
            {
                added.Remove();
            }
        }
    }

    private static async ValueTask AddDigestAsync(
        DigestAlgorithm digest, SignaturePolicy policy, HttpRequestMessage request, AddedFields added, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content || content.Headers.NonValidated.Contains(ContentDigest.FieldName))
        {
            return;
        }

        SignatureContext context = SignatureContext.ForRequest(request);
        if (context.Body == BodyPresence.None)
        {
            return;
        }

        ReadOnlyMemory<byte>? body = await context.ReadBody!(policy.MaxBodySize, cancellationToken).ConfigureAwait(false);
        if (body is not { } bytes)
        {
            throw new SignatureException(
                SignatureError.BodyTooLarge,
                $"The body is longer than the {policy.MaxBodySize} bytes that are buffered for its digest: raise MaxBodySize of the policy, or set Content-Digest yourself and stream it.");
        }

        // Buffering tells the length; a body that turns out empty is none.
        if (bytes.Length > 0)
        {
            added.Add(content.Headers, ContentDigest.FieldName, ContentDigest.Compute(bytes.Span, digest));
        }
    }

    private static void AddNamedFields(HttpMessageSigner signer, SignaturePolicy policy, HttpRequestMessage request, AddedFields added)
    {
        foreach (SignatureComponent component in policy.AlsoSigned)
        {
            if (request.Headers.NonValidated.Contains(component.Name))
            {
                continue;
            }

            if (component.Name == SageFields.LowerDid)
            {
                added.Add(request.Headers, SageFields.Did, SageFields.DidOf(signer.KeyId).ToString());
            }
            else if (component.Name == "date")
            {
                added.Add(request.Headers, "Date", signer.TimeProvider.GetUtcNow().ToString("r", null));
            }
        }
    }

    private static void AddAgent(HttpMessageSigner signer, SignaturePolicy policy, HttpRequestMessage request, AddedFields added, SigningOverrides? overrides)
    {
        if (policy.KeysFromSignatureAgent && signer.Options.SignatureAgent is { } agent && !request.Headers.NonValidated.Contains(SignatureAgentField))
        {
            string label = HttpMessageSigner.LabelOf(policy, overrides);
            added.Add(request.Headers, SignatureAgentField, SignatureAgent.Format(label, agent, signer.Options.SignatureAgentForm));
        }
    }

    private static void RequireFreeLabel(SignatureContext context, string label)
    {
        StringValues lines = context.Field("signature-input");
        if (lines.Count > 0
            && (!SignatureBase.FieldLine.TryParse(StructuredFieldType.Dictionary, lines, StructuredFields.StructuredFieldLimits.Default, out StructuredFields.StructuredField? field)
                || field.TryGetMember(label, out _)))
        {
            throw new SignatureException(
                SignatureError.DuplicateLabel, $"The request already carries a signature with the label '{label}': give this one another with SigningOverrides.Label.");
        }
    }
}
