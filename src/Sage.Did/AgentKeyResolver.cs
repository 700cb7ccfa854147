using Sage.Crypto;

namespace Sage.Did;

/// <summary>
/// Answers key queries from an <see cref="IDidResolver"/>. A fragment names that key and no other. Without one a signature
/// query gives the key of the SAGE rule (the first usable secp256k1 key, else the first usable Ed25519 key), or, for a DID
/// that has neither, its first signing key; an agreement query gives the agreement key.
/// </summary>
public sealed class AgentKeyResolver : IKeyResolver
{
    private readonly IDidResolver resolver;

    /// <summary>Makes an adapter.</summary>
    /// <param name="resolver">The resolver.</param>
    public AgentKeyResolver(IDidResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        this.resolver = resolver;
    }

    /// <inheritdoc/>
    public async ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!DidUrl.TryParse(query.KeyId, out DidUrl url))
        {
            return new KeyResolution { Status = KeyResolutionStatus.Invalid };
        }

        DidResolution resolution = await resolver.ResolveAsync(url.Did, cancellationToken).ConfigureAwait(false);
        PublicKey? key = resolution.Document is { } document ? Find(document, url.Fragment, query.Use) : null;
        return new KeyResolution
        {
            Status = StatusOf(resolution.Status, key),
            Subject = key is null ? null : url.Did.Value,
            Keys = key is null ? [] : [key],
            Source = resolution.Source,
            Version = resolution.VersionId,
            ObservedAt = resolution.ObservedAt,
        };
    }

    private static PublicKey? Find(DidDocument document, string? fragment, KeyUse use)
    {
        if (use == KeyUse.Agreement)
        {
            return fragment is null ? document.KeyAgreementKey : Named(document.KeyAgreement, fragment);
        }

        return fragment is null
            ? document.HandshakeSigningKey ?? (document.Authentication is [VerificationMethod first, ..] ? first.PublicKey : null)
            : Named(document.Authentication, fragment);
    }

    private static PublicKey? Named(IReadOnlyList<VerificationMethod> methods, string fragment) =>
        methods.FirstOrDefault(method => method.Fragment == fragment)?.PublicKey;

    private static KeyResolutionStatus StatusOf(DidResolutionStatus status, PublicKey? key) => status switch
    {
        DidResolutionStatus.Resolved => key is null ? KeyResolutionStatus.NoUsableKey : KeyResolutionStatus.Resolved,
        DidResolutionStatus.Deactivated => KeyResolutionStatus.Deactivated,
        DidResolutionStatus.Invalid => KeyResolutionStatus.Invalid,
        _ => KeyResolutionStatus.NotFound,
    };
}
