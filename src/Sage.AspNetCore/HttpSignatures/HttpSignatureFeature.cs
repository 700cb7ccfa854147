using Sage.HttpSignatures;

namespace Sage.AspNetCore;

internal sealed class HttpSignatureFeature(string scheme, SignaturePolicy policy, SignatureVerificationResult result) : IHttpSignatureFeature
{
    public string Scheme { get; } = scheme;

    public SignaturePolicy Policy { get; } = policy;

    public VerifiedSignature Signature { get; } = result.Signature!;

    public IReadOnlyList<VerifiedSignature> Signatures { get; } = result.Signatures;
}
