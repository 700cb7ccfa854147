using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>
/// Who signed the request. A route handler that takes one asks for it by that alone: its endpoint requires a signature, and
/// a request without one is answered with 401 before anything else is read. A handler that takes
/// <c>AgentIdentity?</c> gets <see langword="null"/> for a request that is not authenticated.
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class AgentIdentity : IBindableFromHttpContext<AgentIdentity>, IEndpointParameterMetadataProvider
{
    private readonly VerifiedSignature signature;

    private AgentIdentity(VerifiedSignature signature)
    {
        this.signature = signature;
        Did = AgentDid.TryParse(signature.Subject, out AgentDid did) ? did : null;
    }

    /// <summary>Who signed, as the source of the key says: a DID, or the URL of a key directory.</summary>
    public string Subject => signature.Subject;

    /// <summary>The DID of who signed; <see langword="null"/> when <see cref="Subject"/> is none.</summary>
    public AgentDid? Did { get; }

    /// <summary>The <c>keyid</c> as received.</summary>
    public string KeyId => signature.KeyId;

    /// <summary>What the signature covers; nothing else of the request was said by the signer.</summary>
    public IReadOnlyList<SignatureComponent> Components => signature.Components;

    /// <summary>Whether a component is covered, by name and exact parameters.</summary>
    /// <param name="component">The component.</param>
    public bool Covers(SignatureComponent component) => signature.Covers(component);

    /// <summary>Returns <see cref="Subject"/>.</summary>
    public override string ToString() => Subject;

    static ValueTask<AgentIdentity?> IBindableFromHttpContext<AgentIdentity>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(Of(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        // Without this, minimal APIs would answer an unsigned request with 400, and after reading its body. What a group asks
        // for is there already.
        if (!IsOptional(parameter) && !builder.Metadata.Any(item => item is HttpSignatureMetadata))
        {
            HttpSignatureMetadata.Set(builder, HttpSignatureSchemes.Find(builder.ApplicationServices), null);
        }
    }

    internal static AgentIdentity? Of(HttpContext context) =>
        context.Features.Get<IHttpSignatureFeature>() is { } feature ? new AgentIdentity(feature.Signature) : null;

    // A trimmed application may have no nullability information; then a signature is asked for.
    private static bool IsOptional(ParameterInfo parameter) =>
        parameter.HasDefaultValue
        || ((!AppContext.TryGetSwitch("System.Reflection.NullabilityInfoContext.IsSupported", out bool supported) || supported)
            && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable);
}
