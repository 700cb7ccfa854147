namespace Sage.Crypto.Internal;

/// <summary>What an AlgorithmIdentifier says a key is.</summary>
internal enum KeyIdentifierKind
{
    /// <summary>A key of RFC 8410, whose algorithm is its curve.</summary>
    Curve,

    /// <summary>An EC key (RFC 5480) on a named curve.</summary>
    Ec,

    /// <summary>An RSA key that does not say what for.</summary>
    Rsa,

    /// <summary>An RSA key for RSASSA-PSS with SHA-512.</summary>
    RsaPss,
}
