namespace Sage.HttpSignatures;

/// <summary>How a signer signs, apart from its policy.</summary>
public sealed class HttpMessageSignerOptions
{
    /// <summary>The digest of bodies; SHA-256 unless told.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>Where our keys are published, for policies that take keys from there: the origin that serves the key directory.</summary>
    public Uri? SignatureAgent { get; init; }

    /// <summary>The form of <c>Signature-Agent</c> that the verifier understands.</summary>
    public SignatureAgentForm SignatureAgentForm { get; init; } = SignatureAgentForm.Dictionary;
}
