using Sage.Crypto;
using Sage.Did.Internal;

namespace Sage.Did;

/// <summary>
/// A DID document (W3C DID Core §5) reduced to what is usable: every key in it was checked and may be trusted for the
/// purposes that list it.
/// </summary>
/// <remarks>Immutable: the lists are copied when they are set.</remarks>
public sealed class DidDocument
{
    /// <summary>The DID the document is about.</summary>
    public required AgentDid Id { get; init; }

    /// <summary>Keys that sign for the DID (<c>authentication</c>), best first.</summary>
    public IReadOnlyList<VerificationMethod> Authentication { get; init => field = [.. value]; } = [];

    /// <summary>Keys that make statements for the DID (<c>assertionMethod</c>), best first.</summary>
    public IReadOnlyList<VerificationMethod> AssertionMethod { get; init => field = [.. value]; } = [];

    /// <summary>Keys to agree on secrets with (<c>keyAgreement</c>), best first.</summary>
    public IReadOnlyList<VerificationMethod> KeyAgreement { get; init => field = [.. value]; } = [];

    /// <summary>Where the DID can be reached.</summary>
    public IReadOnlyList<DidService> Services { get; init => field = [.. value]; } = [];

    /// <summary>Every key of the document once, in the order of the lists above.</summary>
    public IReadOnlyList<VerificationMethod> VerificationMethods => [.. Authentication.Union(AssertionMethod).Union(KeyAgreement)];

    /// <summary>The first secp256k1 key of <see cref="Authentication"/>, else its first Ed25519 key (SAGE profile P1 §3.5).</summary>
    public PublicKey? HandshakeSigningKey =>
        FirstOf(Authentication, KeyAlgorithm.Secp256k1) ?? FirstOf(Authentication, KeyAlgorithm.Ed25519);

    /// <summary>The first X25519 key of <see cref="KeyAgreement"/>.</summary>
    public PublicKey? KeyAgreementKey => FirstOf(KeyAgreement, KeyAlgorithm.X25519);

    /// <summary>The key of <see cref="Authentication"/> that a fragment names, or none.</summary>
    /// <param name="fragment">The text after <c>#</c>, compared byte-exact.</param>
    public PublicKey? FindSigningKey(string fragment)
    {
        ArgumentNullException.ThrowIfNull(fragment);
        for (int i = 0; i < Authentication.Count; i++)
        {
            if (string.Equals(Authentication[i].Fragment, fragment, StringComparison.Ordinal))
            {
                return Authentication[i].PublicKey;
            }
        }

        return null;
    }

    /// <summary>The document as JSON-LD in UTF-8; keys are of type Multikey.</summary>
    public byte[] ToJson() => DocumentJson.Write(this);

    private static PublicKey? FirstOf(IReadOnlyList<VerificationMethod> methods, KeyAlgorithm algorithm)
    {
        for (int i = 0; i < methods.Count; i++)
        {
            if (methods[i].PublicKey.Algorithm == algorithm)
            {
                return methods[i].PublicKey;
            }
        }

        return null;
    }
}
