namespace Sage.Crypto.Internal;

/// <summary>The coordinates of a public key: x alone for OKP keys, x and y for the points 04‖X‖Y of EC keys. RSA keys have none.</summary>
internal static class Coordinates
{
    /// <summary>The longest coordinate, which is that of P-384.</summary>
    public const int MaxSize = 48;

    /// <summary>The longest point in its shortest form.</summary>
    public const int MaxCompressedSize = 1 + MaxSize;

    /// <summary>The longest point 04‖X‖Y.</summary>
    public const int MaxUncompressedSize = 1 + (2 * MaxSize);

    public static ReadOnlySpan<byte> X(PublicKey key) => IsPoint(key) ? key.Bytes[1..(1 + (key.Bytes.Length / 2))] : key.Bytes;

    public static ReadOnlySpan<byte> Y(PublicKey key) => key.Bytes[(1 + (key.Bytes.Length / 2))..];

    /// <summary>The shortest form of a key: 32 bytes, or the compressed point (SEC 1 §2.3.3) of 33 or 49.</summary>
    public static byte[] Compress(PublicKey key) => IsPoint(key) ? [(byte)(2 + (key.Bytes[^1] & 1)), .. X(key)] : key.Export();

    private static bool IsPoint(PublicKey key) => KeyFormat.Of(key.Algorithm).IsEc;
}
