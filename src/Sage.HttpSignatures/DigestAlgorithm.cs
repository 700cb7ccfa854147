namespace Sage.HttpSignatures;

/// <summary>The digest algorithms of RFC 9530 that are not deprecated.</summary>
public enum DigestAlgorithm
{
    /// <summary><c>sha-256</c>.</summary>
    Sha256,

    /// <summary><c>sha-512</c>.</summary>
    Sha512,
}
