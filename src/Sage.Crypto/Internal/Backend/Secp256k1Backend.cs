using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;

namespace Sage.Crypto.Internal.Backend;

/// <summary>secp256k1 through BouncyCastle: fixed 64/65-byte signatures, never DER.</summary>
internal static class Secp256k1Backend
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger N = Curve.N;
    private static readonly BigInteger HalfN = Curve.N.ShiftRight(1);
    private static readonly BigInteger P = Curve.Curve.Field.Characteristic;

    /// <summary>Reads 33, 64 or 65 bytes; null unless they are a point on the curve.</summary>
    public static EcdsaPublicKey? TryImport(ReadOnlySpan<byte> encoded)
    {
        Span<byte> full = stackalloc byte[65];
        switch (encoded.Length)
        {
            case 64:
                full[0] = 4;
                encoded.CopyTo(full[1..]);
                break;
            case 65 when encoded[0] == 4:
                encoded.CopyTo(full);
                break;
            case 33 when encoded[0] is 2 or 3:
                full = full[..33];
                encoded.CopyTo(full);
                break;
            default:
                return null;
        }

        try
        {
            ECPoint point = Curve.Curve.DecodePoint(full);
            return point.IsInfinity ? null : new EcdsaPublicKey(point.GetEncoded(compressed: false), point);
        }
        catch (ArgumentException)
        {
            // BouncyCastle reports "not on the curve" and "coordinate not below p" by this exception.
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

        ECPoint point = new FixedPointCombMultiplier().Multiply(Curve.G, d).Normalize();
        return new EcdsaPublicKey(point.GetEncoded(compressed: false), point);
    }

    /// <summary>r‖s‖v with low s; v is the recovery id (0 or 1 but for a negligible r ≥ n).</summary>
    public static void SignDigest(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digest, Span<byte> signature)
    {
        (BigInteger r, BigInteger s, int recoveryId) = Rfc6979.Sign(Curve, secret, digest, lowS: true);
        EcdsaScalars.Write(r, signature[..32]);
        EcdsaScalars.Write(s, signature[32..64]);
        signature[64] = (byte)recoveryId;
    }

    /// <summary>Accepts 64 or 65 bytes; v is ignored and a high s is taken as its low twin.</summary>
    public static bool VerifyDigest(EcdsaPublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length is not (64 or 65))
        {
            return false;
        }

        BigInteger r = EcdsaScalars.Read(signature[..32]);
        BigInteger s = EcdsaScalars.Read(signature[32..64]);
        if (!EcdsaScalars.IsInRange(r, N) || !EcdsaScalars.IsInRange(s, N))
        {
            return false;
        }

        BigInteger w = BigIntegers.ModOddInverseVar(N, s);
        BigInteger u1 = EcdsaScalars.Read(digest).Multiply(w).Mod(N);
        BigInteger u2 = r.Multiply(w).Mod(N);
        ECPoint point = ECAlgorithms.SumOfTwoMultiplies(Curve.G, u1, key.Point!, u2).Normalize();
        return !point.IsInfinity && point.AffineXCoord.ToBigInteger().Mod(N).Equals(r);
    }

    /// <summary>Whether s is in the lower half: the only form accepted where a signature is stored as evidence.</summary>
    public static bool IsLowS(ReadOnlySpan<byte> signature) =>
        signature.Length is 64 or 65 && EcdsaScalars.Read(signature[32..64]).CompareTo(HalfN) <= 0;

    /// <summary>Recovers the signer from r‖s‖v, v ∈ {0, 1}, low s only.</summary>
    public static EcdsaPublicKey? TryRecover(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 65 || signature[64] > 1 || !IsLowS(signature))
        {
            return null;
        }

        BigInteger r = EcdsaScalars.Read(signature[..32]);
        BigInteger s = EcdsaScalars.Read(signature[32..64]);
        if (!EcdsaScalars.IsInRange(r, N) || !EcdsaScalars.IsInRange(s, N) || r.CompareTo(P) >= 0)
        {
            return null;
        }

        Span<byte> compressed = stackalloc byte[33];
        compressed[0] = (byte)(2 + signature[64]);
        signature[..32].CopyTo(compressed[1..]);
        if (TryImport(compressed) is not { } nonce)
        {
            return null;
        }

        BigInteger rInverse = BigIntegers.ModOddInverseVar(N, r);
        BigInteger u1 = N.Subtract(EcdsaScalars.Read(digest).Mod(N)).Multiply(rInverse).Mod(N);
        BigInteger u2 = s.Multiply(rInverse).Mod(N);
        ECPoint point = ECAlgorithms.SumOfTwoMultiplies(Curve.G, u1, nonce.Point!, u2).Normalize();
        return point.IsInfinity ? null : new EcdsaPublicKey(point.GetEncoded(compressed: false), point);
    }
}
