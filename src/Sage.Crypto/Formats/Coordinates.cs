namespace Sage.Crypto.Internal;

/// <summary>The coordinates of a public key: x alone for OKP keys, x and y for the points 04‖X‖Y of EC keys.</summary>
internal static class Coordinates
{
    public const int Size = 32;
    public const int CompressedSize = 1 + Size;
    public const int UncompressedSize = 1 + (2 * Size);

    public static ReadOnlySpan<byte> X(PublicKey key) => key.Bytes.Length == Size ? key.Bytes : key.Bytes[1..CompressedSize];

    public static ReadOnlySpan<byte> Y(PublicKey key) => key.Bytes[CompressedSize..];

    /// <summary>The shortest form of a key: 32 bytes, or the compressed point (SEC 1 §2.3.3) of 33.</summary>
    public static byte[] Compress(PublicKey key)
    {
        if (key.Bytes.Length == Size)
        {
            return key.Export();
        }

        byte[] compressed = new byte[CompressedSize];
        compressed[0] = (byte)(2 + (key.Bytes[^1] & 1));
        X(key).CopyTo(compressed.AsSpan(1));
        return compressed;
    }
}
