using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>What our signatures cover, in the order of SAGE profile P1 §3.3 and §3.4.</summary>
internal static class Coverage
{
    /// <summary>The label of a signature when no policy names one (SAGE profile P1 §3.1).</summary>
    public const string UsualLabel = "sig1";

    private static readonly SignatureComponent ContentType = SignatureComponent.Field("content-type");
    private static readonly SignatureComponent Digest = SignatureComponent.Field(ContentDigest.LowerName);
    private static readonly SignatureComponent RequestDigest = Digest.FromRequest();
    private static readonly SignatureComponent RequestSignature = SignatureComponent.Field("signature").FromRequest();

    private static readonly SignatureComponent AgentField = SignatureComponent.Field("signature-agent");

    public static List<SignatureComponent> Of(SignaturePolicy policy, SignatureContext message, SigningOverrides? overrides)
    {
        List<SignatureComponent> components = new(12);
        AddAll(components, message.IsResponse ? policy.ResponseComponents : policy.RequestComponents);
        if (message.Request is { } request)
        {
            AddOfRequest(components, message, request, policy, RequestDigest);
            AddOfRequest(components, message, request, policy, RequestSignature);
        }

        AddIfPresent(components, message, ContentType);
        if (message.Body != BodyPresence.None || message.Field(ContentDigest.LowerName).Count > 0)
        {
            // With a body it must be there: if it is not, writing the base says so.
            Add(components, Digest);
        }

        if (!message.IsResponse)
        {
            // By index, here and below: an enumerator behind an interface would be allocated for every message.
            for (int i = 0; i < policy.AlsoSigned.Count; i++)
            {
                if (IsPresent(policy.AlsoSigned[i], message, policy))
                {
                    Add(components, policy.AlsoSigned[i]);
                }
            }
        }

        if (overrides is not null)
        {
            AddAll(components, overrides.AdditionalComponents);
        }

        return components;
    }

    /// <summary>What a policy requires of a request; of one that is not known, what it requires of all.</summary>
    public static List<SignatureComponent> Required(SignaturePolicy policy, SignatureContext? request)
    {
        List<SignatureComponent> components = [.. policy.RequestComponents];
        if (request is not null && policy.RequireContentType)
        {
            AddIfPresent(components, request, ContentType);
        }

        if (request is { Body: not BodyPresence.None } && policy.RequireContentDigest)
        {
            Add(components, Digest);
        }

        if (policy.KeysFromSignatureAgent)
        {
            Add(components, AgentField);
        }

        return components;
    }

    /// <summary>Adds the member of <c>Signature-Agent</c> that our signature covers; the whole field in its legacy form.</summary>
    public static void AddAgent(List<SignatureComponent> components, string label, SignatureAgentForm form) =>
        Add(components, form == SignatureAgentForm.Legacy ? AgentField : AgentField.DictionaryMember(label));

    // What a caller put there beside its signature may be anything; it must not keep the answer from being signed.
    private static void AddOfRequest(
        List<SignatureComponent> components, SignatureContext message, SignatureContext request, SignaturePolicy policy, SignatureComponent component)
    {
        if (request.Field(component.Name).Count > 0 && ErrorOf(component, message, policy) == SignatureError.None)
        {
            Add(components, component);
        }
    }

    private static bool IsPresent(SignatureComponent component, SignatureContext message, SignaturePolicy policy)
    {
        if (component.Kind == ComponentKind.Field && component.Parameters == ComponentParameters.None)
        {
            return message.Field(component.Name).Count > 0;
        }

        return ErrorOf(component, message, policy) != SignatureError.ComponentMissing;
    }

    private static SignatureError ErrorOf(SignatureComponent component, SignatureContext message, SignaturePolicy policy)
    {
        SignatureBaseWriter writer = default;
        ComponentValue.Write(component, message, policy, ref writer);
        SignatureError error = writer.Error;
        writer.Dispose();
        return error;
    }

    // A policy may name a component twice; a signature must not (RFC 9421 §2.5).
    private static void AddAll(List<SignatureComponent> components, IReadOnlyList<SignatureComponent> more)
    {
        for (int i = 0; i < more.Count; i++)
        {
            Add(components, more[i]);
        }
    }

    private static void AddIfPresent(List<SignatureComponent> components, SignatureContext source, SignatureComponent component)
    {
        if (source.Field(component.Name).Count > 0)
        {
            Add(components, component);
        }
    }

    private static void Add(List<SignatureComponent> components, SignatureComponent component)
    {
        if (!components.Contains(component))
        {
            components.Add(component);
        }
    }
}
