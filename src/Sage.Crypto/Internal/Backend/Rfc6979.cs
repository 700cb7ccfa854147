using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Deterministic ECDSA (RFC 6979 with HMAC-SHA256) over a 256-bit curve.</summary>
internal static class Rfc6979
{
    /// <summary>Signs a 32-byte digest; the recovery id is that of the signature as returned.</summary>
    public static (BigInteger R, BigInteger S, int RecoveryId) Sign(X9ECParameters curve, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digest, bool lowS)
    {
        BigInteger n = curve.N;
        BigInteger d = EcdsaScalars.Read(secret);
        BigInteger e = EcdsaScalars.Read(digest);
        byte[] digestCopy = digest.ToArray();
        HMacDsaKCalculator nonces = new(new Sha256Digest());
        nonces.Init(n, d, digestCopy);
        FixedPointCombMultiplier multiplier = new();

        // RFC 6979 §3.2 h: r or s equal to zero asks for the next k; no input is known that reaches the second round.
        for (int round = 0; round < 64; round++)
        {
            BigInteger k = nonces.NextK();
            Org.BouncyCastle.Math.EC.ECPoint point = multiplier.Multiply(curve.G, k).Normalize();
            BigInteger x = point.AffineXCoord.ToBigInteger();
            BigInteger r = x.Mod(n);
            BigInteger s = BigIntegers.ModOddInverse(n, k).Multiply(e.Add(d.Multiply(r))).Mod(n);
            if (r.SignValue == 0 || s.SignValue == 0)
            {
                continue;
            }

            int recoveryId = (point.AffineYCoord.TestBitZero() ? 1 : 0) | (x.CompareTo(n) >= 0 ? 2 : 0);
            if (lowS && s.CompareTo(n.ShiftRight(1)) > 0)
            {
                s = n.Subtract(s);
                recoveryId ^= 1;
            }

            return (r, s, recoveryId);
        }

        throw new CryptographicException("No usable RFC 6979 nonce.");
    }
}
