using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace Sage.Crypto.Internal.Backend;

/// <summary>P-256 with SHA-256: raw r‖s, RFC 6979 and low-S on signing, either s on verifying.</summary>
internal static class P256Backend
{
    public static void Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, digest);
        (BigInteger r, BigInteger s, _) = Rfc6979.Sign(NistCurve.P256.Parameters, secret, digest, lowS: true);
        EcdsaScalars.Write(r, signature[..32]);
        EcdsaScalars.Write(s, signature[32..]);
    }

    public static bool Verify(EcdsaPublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64)
        {
            return false;
        }

        // ECDsa instances are not documented as thread-safe; a key object may be shared by many requests.
        lock (key)
        {
            return key.Bcl!.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
