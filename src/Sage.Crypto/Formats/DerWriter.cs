namespace Sage.Crypto.Internal;

/// <summary>Writes SPKI and PKCS#8. Every length but RSA's is fixed, so a key is a constant, its bytes and (EC) its public point.</summary>
internal static class DerWriter
{
    private const byte SequenceTag = 0x30;
    private const byte OctetsTag = 0x04;
    private const byte BitsTag = 0x03;

    private static ReadOnlySpan<byte> Version1 => [0x02, 0x01, 0x00];

    public static byte[] WriteSpki(PublicKey key)
    {
        if (!key.Algorithm.IsRsa)
        {
            return [.. KeyFormat.Of(key.Algorithm).SpkiPrefix, .. key.Bytes];
        }

        // SEQUENCE { algorithm, BIT STRING without unused bits { RSAPublicKey } }
        byte[] bits = [0, .. key.Bytes];
        byte[] content = [.. RsaFormat.Identifier(key.Algorithm), .. Element(BitsTag, bits)];
        return Element(SequenceTag, content);
    }

    /// <summary>A pinned array the caller zeroes.</summary>
    public static byte[] WritePkcs8(PrivateKey key)
    {
        if (key.Algorithm.IsRsa)
        {
            return WriteRsaPkcs8(key);
        }

        KeyFormat format = KeyFormat.Of(key.Algorithm);
        int secretAt = format.Pkcs8Prefix.Length;
        int pointAt = secretAt + key.Size;
        ReadOnlySpan<byte> point = key.PublicKey.Bytes;

        // [1] { BIT STRING without unused bits }: the public point that ends an ECPrivateKey (RFC 5915).
        ReadOnlySpan<byte> pointPrefix = [0xa1, (byte)(point.Length + 3), BitsTag, (byte)(point.Length + 1), 0];
        int size = format.IsEc ? pointAt + pointPrefix.Length + point.Length : pointAt;
        byte[] der = GC.AllocateArray<byte>(size, pinned: true);
        key.Export(der.AsSpan(secretAt, key.Size));
        format.Pkcs8Prefix.CopyTo(der, 0);
        if (format.IsEc)
        {
            pointPrefix.CopyTo(der.AsSpan(pointAt));
            point.CopyTo(der.AsSpan(pointAt + pointPrefix.Length));
        }

        return der;
    }

    // SEQUENCE { INTEGER 0, algorithm, OCTET STRING { RSAPrivateKey } }
    private static byte[] WriteRsaPkcs8(PrivateKey key)
    {
        ReadOnlySpan<byte> identifier = RsaFormat.Identifier(key.Algorithm);
        int content = Version1.Length + identifier.Length + DerLength.HeaderSize(key.Size) + key.Size;
        byte[] der = GC.AllocateArray<byte>(DerLength.HeaderSize(content) + content, pinned: true);
        key.Export(der.AsSpan(der.Length - key.Size));
        Span<byte> rest = der.AsSpan(DerLength.WriteHeader(der, SequenceTag, content));
        Version1.CopyTo(rest);
        identifier.CopyTo(rest[Version1.Length..]);
        DerLength.WriteHeader(rest[(Version1.Length + identifier.Length)..], OctetsTag, key.Size);
        return der;
    }

    private static byte[] Element(byte tag, ReadOnlySpan<byte> content)
    {
        byte[] der = new byte[DerLength.HeaderSize(content.Length) + content.Length];
        content.CopyTo(der.AsSpan(DerLength.WriteHeader(der, tag, content.Length)));
        return der;
    }
}
