using Sage.Crypto;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The names of algorithms in <c>alg</c> (RFC 9421 §3.3, IANA registry) and what SAGE profile P1 calls its own.</summary>
internal static class SignatureAlgorithm
{
    public const string Hmac = "hmac-sha256";

    private static readonly string[] All = ["ed25519", "es256k", "ecdsa-p256-sha256", "ecdsa-p384-sha384", "rsa-pss-sha512", "rsa-v1_5-sha256", Hmac];

    public static ReadOnlySpan<string> Names => All;

    /// <summary>The name of a key's algorithm; null for one that does not sign messages.</summary>
    public static string? NameOf(KeyAlgorithm algorithm) => algorithm.Name switch
    {
        "ed25519" => "ed25519",
        "secp256k1" => "es256k",
        "p256" => "ecdsa-p256-sha256",
        "p384" => "ecdsa-p384-sha384",
        "rsa-pss-sha512" => "rsa-pss-sha512",
        "rsa-v1_5-sha256" => "rsa-v1_5-sha256",
        _ => null,
    };
}
