namespace Sage.HttpSignatures;

/// <summary>How a signer signs, apart from its policy.</summary>
public sealed class HttpMessageSignerOptions
{
    /// <summary>The digest of bodies; SHA-256 unless told.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;
}
