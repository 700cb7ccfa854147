using System.Security.Cryptography;
using System.Text;

namespace Sage.Crypto.Internal;

/// <summary>RFC 7638 thumbprints: base64url of the SHA-256 of the canonical JWK, its required members only.</summary>
internal static class JwkThumbprint
{
    public static string Compute(PublicKey key) => StrictBase64.EncodeUrl(SHA256.HashData(Encoding.ASCII.GetBytes(JwkWriter.Canonical(key))));
}
