using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace Sage.Crypto.Internal.Backend;

/// <summary>A NIST curve in both libraries: BouncyCastle decodes and derives points, the base class library verifies.</summary>
internal sealed class NistCurve
{
    private readonly ECCurve named;
    private readonly int size;

    private NistCurve(string name, ECCurve named, int size)
    {
        Parameters = CustomNamedCurves.GetByName(name);
        this.named = named;
        this.size = size;
    }

    public static NistCurve P256 { get; } = new("secp256r1", ECCurve.NamedCurves.nistP256, 32);

    public static NistCurve P384 { get; } = new("secp384r1", ECCurve.NamedCurves.nistP384, 48);

    public X9ECParameters Parameters { get; }

    /// <summary>Reads a compressed or uncompressed point; null unless it is on the curve.</summary>
    public EcdsaPublicKey? TryImport(ReadOnlySpan<byte> encoded)
    {
        bool hasForm = encoded is [2 or 3, ..] ? encoded.Length == 1 + size : encoded is [4, ..] && encoded.Length == 1 + (2 * size);
        if (!hasForm)
        {
            return null;
        }

        try
        {
            // The library does not decompress points, so BouncyCastle decodes; it also checks the curve equation.
            Org.BouncyCastle.Math.EC.ECPoint point = Parameters.Curve.DecodePoint(encoded.ToArray());
            return point.IsInfinity ? null : Create(point);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The point of a scalar; null unless it is above zero and below the group order.</summary>
    public EcdsaPublicKey? DerivePublicKey(ReadOnlySpan<byte> secret)
    {
        BigInteger d = EcdsaScalars.Read(secret);
        return EcdsaScalars.IsInRange(d, Parameters.N)
            ? Create(new FixedPointCombMultiplier().Multiply(Parameters.G, d).Normalize())
            : null;
    }

    /// <summary>The key in the base class library. <paramref name="d"/> is the caller's to zero.</summary>
    public ECDsa CreateBcl(ReadOnlySpan<byte> point, byte[]? d) => ECDsa.Create(new ECParameters
    {
        Curve = named,
        Q = new ECPoint { X = point[1..(1 + size)].ToArray(), Y = point[(1 + size)..].ToArray() },
        D = d,
    });

    private EcdsaPublicKey Create(Org.BouncyCastle.Math.EC.ECPoint point)
    {
        byte[] encoded = point.GetEncoded(compressed: false);
        return new EcdsaPublicKey(encoded, CreateBcl(encoded, d: null));
    }
}
