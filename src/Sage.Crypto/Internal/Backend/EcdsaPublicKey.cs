using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>A checked ECDSA public key in the form its backend wants, made once per key.</summary>
internal sealed class EcdsaPublicKey
{
    public EcdsaPublicKey(byte[] encoded, Org.BouncyCastle.Math.EC.ECPoint point)
    {
        Encoded = encoded;
        Point = point;
    }

    public EcdsaPublicKey(byte[] encoded, ECDsa ecdsa)
    {
        Encoded = encoded;
        Bcl = ecdsa;
    }

    /// <summary>04‖X‖Y.</summary>
    public byte[] Encoded { get; }

    /// <summary>secp256k1 only.</summary>
    public Org.BouncyCastle.Math.EC.ECPoint? Point { get; }

    /// <summary>P-256 and P-384 only.</summary>
    public ECDsa? Bcl { get; }
}
