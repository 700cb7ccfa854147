using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace Sage.Crypto.Internal.Backend;

/// <summary>P-256 through the base class library: raw r‖s, low-S on signing, either s on verifying.</summary>
internal static class P256Backend
{
    private static readonly BigInteger N = new("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /// <summary>Reads 33 or 65 bytes; null unless they are a point on the curve.</summary>
    public static EcdsaPublicKey? TryImport(ReadOnlySpan<byte> encoded)
    {
        if (encoded is not ([2 or 3, ..] and { Length: 33 } or [4, ..] and { Length: 65 }))
        {
            return null;
        }

        try
        {
            // The library does not decompress points, so BouncyCastle decodes; it also checks the curve equation.
            Org.BouncyCastle.Math.EC.ECPoint point = P256Curve.Value.Curve.DecodePoint(encoded.ToArray());
            return point.IsInfinity ? null : Create(point.GetEncoded(compressed: false));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static EcdsaPublicKey? DerivePublicKey(ReadOnlySpan<byte> secret)
    {
        BigInteger d = EcdsaScalars.Read(secret);
        if (!EcdsaScalars.IsInRange(d, N))
        {
            return null;
        }

        Org.BouncyCastle.Math.EC.ECPoint point =
            new Org.BouncyCastle.Math.EC.Multiplier.FixedPointCombMultiplier().Multiply(P256Curve.Value.G, d).Normalize();
        return Create(point.GetEncoded(compressed: false));
    }

    public static void Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, digest);
        (BigInteger r, BigInteger s, _) = Rfc6979.Sign(P256Curve.Value, secret, digest, lowS: true);
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

    private static EcdsaPublicKey Create(byte[] encoded) => new(encoded, ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = encoded[1..33], Y = encoded[33..] },
    }));
}
