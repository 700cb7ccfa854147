using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>A checked RSA public key, imported once.</summary>
internal sealed class RsaPublicKey(byte[] encoded, RSA bcl)
{
    /// <summary>The DER of an RSAPublicKey (RFC 8017 A.1.1).</summary>
    public byte[] Encoded { get; } = encoded;

    public RSA Bcl { get; } = bcl;

    /// <summary>Length of the modulus and of every signature, in bytes.</summary>
    public int ModulusSize { get; } = (bcl.KeySize + 7) / 8;
}
