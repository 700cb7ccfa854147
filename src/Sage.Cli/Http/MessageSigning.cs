using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.Cli;

/// <summary>Puts a signature on a captured message.</summary>
internal sealed class MessageSigning(ISigner signer, string keyId, SignaturePolicy policy, TimeProvider timeProvider)
{
    /// <exception cref="CommandException">The message cannot be signed so.</exception>
    public async Task<byte[]> SignAsync(CapturedMessage captured, SigningOverrides overrides, CancellationToken cancellationToken)
    {
        List<RawHttpField> added = [];
        SignatureContext context = WithDigest(captured, added);
        SignatureFields fields;
        try
        {
            HttpMessageSigner signing = new(signer, keyId, policy, OptionsOf(context, overrides), timeProvider);
            fields = await signing.SignAsync(context, overrides, cancellationToken);
        }
        catch (SignatureException problem)
        {
            throw CommandException.Refused(problem.Message);
        }
        catch (ArgumentException problem)
        {
            throw CommandException.Usage(problem.Message);
        }

        RequireFreeLabel(context, fields.Label);
        added.Add(new RawHttpField(SignatureFields.InputName, fields.SignatureInput));
        added.Add(new RawHttpField(SignatureFields.SignatureName, fields.Signature));
        return captured.Raw.With(added);
    }

    /// <summary>Adds the digest of a body that has none; one that is there must be that of the body, or the signature would vouch for a lie.</summary>
    private static SignatureContext WithDigest(CapturedMessage captured, List<RawHttpField> added)
    {
        SignatureContext context = captured.Context;
        ReadOnlySpan<byte> body = captured.Raw.Body.Span;
        StringValues lines = context.Field(ContentDigest.LowerName);
        if (lines.Count > 0)
        {
            SignatureError error = ContentDigest.Verify(lines, body);
            return error == SignatureError.None
                ? context
                : throw CommandException.Refused($"The Content-Digest of the message is not that of its body: {error}.");
        }

        if (body.IsEmpty)
        {
            return context;
        }

        string digest = ContentDigest.Compute(body);
        added.Add(new RawHttpField(ContentDigest.FieldName, digest));
        Func<string, StringValues> fields = name => name == ContentDigest.LowerName ? digest : context.Field(name);
        return context.IsResponse
            ? SignatureContext.ForResponse(context.Status, fields, context.Request, context.Body, context.ReadBody, trailers: context.Trailers)
            : SignatureContext.ForRequest(context.Method, context.Scheme, context.Authority, context.RequestTarget, fields, context.Body, context.ReadBody, trailers: context.Trailers);
    }

    /// <summary>Under Web Bot Auth, the member of <c>Signature-Agent</c> that the message has for the label.</summary>
    private HttpMessageSignerOptions OptionsOf(SignatureContext context, SigningOverrides overrides)
    {
        if (!policy.KeysFromSignatureAgent || context.IsResponse)
        {
            return new HttpMessageSignerOptions();
        }

        if (keyId != signer.PublicKey.Thumbprint)
        {
            throw CommandException.Refused($"The policy '{policy.Name}' finds a key by its thumbprint: give --keyid {signer.PublicKey.Thumbprint}.");
        }

        string label = HttpMessageSigner.LabelOf(policy, overrides);
        StringValues lines = context.Field("signature-agent");
        SignatureAgent? agent = SignatureAgent.TryParse(lines.ToArray(), EndpointPolicy.Public, out IReadOnlyList<SignatureAgent> agents)
            ? agents.FirstOrDefault(member => member.Label is "" || member.Label == label)
            : null;
        return agent is null
            ? throw CommandException.Refused($"The policy '{policy.Name}' covers Signature-Agent: the message needs one, for example Signature-Agent: {label}=\"https://bot.example\".")
            : new HttpMessageSignerOptions { SignatureAgent = agent.Uri, SignatureAgentForm = agent.Label.Length == 0 ? SignatureAgentForm.Legacy : SignatureAgentForm.Dictionary };
    }

    private static void RequireFreeLabel(SignatureContext context, string label)
    {
        foreach (string name in new[] { "signature-input", "signature" })
        {
            StringValues lines = context.Field(name);
            if (lines.Count > 0
                && (!FieldLine.TryParse(StructuredFieldType.Dictionary, lines, StructuredFieldLimits.Default, out StructuredField? field)
                    || field.TryGetMember(label, out _)))
            {
                throw CommandException.Refused($"The message already carries a signature with the label '{label}', or one that cannot be read: give this one another with --label.");
            }
        }
    }
}
