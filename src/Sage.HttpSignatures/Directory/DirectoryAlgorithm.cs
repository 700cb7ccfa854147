using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures;

/// <summary>What directories call the algorithm of a key: the IANA registry of HTTP signature algorithms (RFC 9421 §6.2).</summary>
internal static class DirectoryAlgorithm
{
    // What JOSE calls Ed25519 (RFC 8037 §3.1); some directories are written for verifiers that ask for it.
    private const string EdDsa = "EdDSA";

    /// <summary>The registered name, or null for a key that no registered algorithm uses; secp256k1 with Keccak has a name of ours only.</summary>
    public static string? Of(KeyAlgorithm algorithm) => algorithm == KeyAlgorithm.Secp256k1 ? null : SignatureAlgorithm.NameOf(algorithm);

    /// <summary>Whether the <c>alg</c> of a JWK fits its key.</summary>
    public static bool Fits(string name, KeyAlgorithm algorithm) =>
        name == Of(algorithm) || (name == EdDsa && algorithm == KeyAlgorithm.Ed25519) || RsaFormat.OfJwk(name) == algorithm;
}
