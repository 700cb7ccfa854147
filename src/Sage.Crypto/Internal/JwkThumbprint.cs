using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Crypto.Internal;

/// <summary>RFC 7638 thumbprints: the required members in lexicographic order, no white space, SHA-256, base64url.</summary>
internal static class JwkThumbprint
{
    public static string Compute(PublicKey key)
    {
        string json = key.Algorithm.Id switch
        {
            KeyAlgorithmId.Ed25519 => $$"""{"crv":"Ed25519","kty":"OKP","x":"{{Encode(key.Bytes)}}"}""",
            KeyAlgorithmId.X25519 => $$"""{"crv":"X25519","kty":"OKP","x":"{{Encode(key.Bytes)}}"}""",
            KeyAlgorithmId.Secp256k1 => Ec("secp256k1", key.Bytes),
            _ => Ec("P-256", key.Bytes),
        };
        return Encode(SHA256.HashData(Encoding.ASCII.GetBytes(json)));
    }

    private static string Ec(string curve, ReadOnlySpan<byte> point) =>
        $$"""{"crv":"{{curve}}","kty":"EC","x":"{{Encode(point[1..33])}}","y":"{{Encode(point[33..])}}"}""";

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
