namespace Sage.Crypto.Internal;

/// <summary>What the key formats call the two RSA algorithms.</summary>
internal static class RsaFormat
{
    /// <summary>RFC 8017 A.1: a key that may make signatures of both kinds, so it names none of ours.</summary>
    public const string EncryptionOid = "1.2.840.113549.1.1.1";

    /// <summary>RFC 4055 §1.2: a key for RSASSA-PSS alone.</summary>
    public const string PssOid = "1.2.840.113549.1.1.10";

    /// <summary>SEQUENCE { rsaEncryption, NULL }.</summary>
    public static ReadOnlySpan<byte> EncryptionIdentifier =>
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

    /// <summary>SEQUENCE { id-RSASSA-PSS }, without parameters: no restriction on the hash (RFC 4055 §3.1).</summary>
    public static ReadOnlySpan<byte> PssIdentifier => [0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];

    // SHA-512, MGF1 with SHA-512, a salt of 64; the hashes with NULL parameters, which is how they are written, or without.
    private static ReadOnlySpan<byte> PssParameters =>
    [
        0x30, 0x34,
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00,
        0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08,
        0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00,
        0xa2, 0x03, 0x02, 0x01, 0x40,
    ];

    private static ReadOnlySpan<byte> PssParametersWithoutNull =>
    [
        0x30, 0x30,
        0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
        0xa1, 0x1a, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08,
        0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
        0xa2, 0x03, 0x02, 0x01, 0x40,
    ];

    /// <summary>Whether the parameters of an id-RSASSA-PSS key are exactly those of RFC 9421 §3.3.1.</summary>
    public static bool IsPssSha512(ReadOnlySpan<byte> parameters) =>
        Bytes.PublicEquals(parameters, PssParameters) || Bytes.PublicEquals(parameters, PssParametersWithoutNull);

    /// <summary>The algorithm that the <c>alg</c> of a JWK names, in the words of JOSE (RFC 7518 §3.1) or of RFC 9421 §6.2.</summary>
    public static KeyAlgorithm? OfJwk(string? alg) => alg switch
    {
        "PS512" or "rsa-pss-sha512" => KeyAlgorithm.RsaPssSha512,
        "RS256" or "rsa-v1_5-sha256" => KeyAlgorithm.RsaV15Sha256,
        _ => null,
    };

    /// <summary>What JOSE calls the algorithm.</summary>
    public static string JwkName(KeyAlgorithm algorithm) => algorithm == KeyAlgorithm.RsaPssSha512 ? "PS512" : "RS256";

    public static ReadOnlySpan<byte> Identifier(KeyAlgorithm algorithm) =>
        algorithm == KeyAlgorithm.RsaPssSha512 ? PssIdentifier : EncryptionIdentifier;
}
