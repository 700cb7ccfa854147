namespace Sage.Crypto.Internal;

/// <summary>Writes SPKI and PKCS#8. Every length is fixed, so a key is a constant, its bytes and (EC) its public point.</summary>
internal static class DerWriter
{
    // [1] { BIT STRING, 66 bytes, no unused bits }: the public point that ends an ECPrivateKey (RFC 5915).
    private static ReadOnlySpan<byte> PublicPointPrefix => [0xa1, 0x44, 0x03, 0x42, 0x00];

    public static byte[] WriteSpki(PublicKey key) => [.. KeyFormat.Of(key.Algorithm).SpkiPrefix, .. key.Bytes];

    /// <summary>A pinned array the caller zeroes.</summary>
    public static byte[] WritePkcs8(PrivateKey key)
    {
        KeyFormat format = KeyFormat.Of(key.Algorithm);
        int secretAt = format.Pkcs8Prefix.Length;
        int pointAt = secretAt + key.Algorithm.PrivateKeySize;
        int size = format.IsEc ? pointAt + PublicPointPrefix.Length + Coordinates.UncompressedSize : pointAt;
        byte[] der = GC.AllocateArray<byte>(size, pinned: true);
        key.Export(der.AsSpan(secretAt, key.Algorithm.PrivateKeySize));
        format.Pkcs8Prefix.CopyTo(der, 0);
        if (format.IsEc)
        {
            PublicPointPrefix.CopyTo(der.AsSpan(pointAt));
            key.PublicKey.Bytes.CopyTo(der.AsSpan(pointAt + PublicPointPrefix.Length));
        }

        return der;
    }
}
