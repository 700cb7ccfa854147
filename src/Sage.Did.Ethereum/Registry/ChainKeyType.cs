using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>The numbers that the key registry gives to algorithms, and its encoding of public keys; those of registry records differ.</summary>
internal static class ChainKeyType
{
    public const byte Secp256k1 = 1;
    public const byte P256 = 2;
    public const byte Ed25519 = 3;
    public const byte X25519 = 4;

    private const int CompressedSize = 33;

    public static KeyAlgorithm? ToAlgorithm(byte type) => type switch
    {
        Secp256k1 => KeyAlgorithm.Secp256k1,
        P256 => KeyAlgorithm.P256,
        Ed25519 => KeyAlgorithm.Ed25519,
        X25519 => KeyAlgorithm.X25519,
        _ => null,
    };

    /// <exception cref="ArgumentException">The registry knows no keys of this algorithm.</exception>
    public static byte Of(KeyAlgorithm algorithm) =>
        algorithm == KeyAlgorithm.Secp256k1 ? Secp256k1
        : algorithm == KeyAlgorithm.P256 ? P256
        : algorithm == KeyAlgorithm.Ed25519 ? Ed25519
        : algorithm == KeyAlgorithm.X25519 ? X25519
        : throw new ArgumentException($"The key registry has no place for a {algorithm.Name} key.", nameof(algorithm));

    /// <summary>33 bytes, SEC1 compressed, for the curves of ECDSA; 32 bytes otherwise.</summary>
    public static byte[] Encode(PublicKey key)
    {
        ReadOnlySpan<byte> bytes = key.Bytes;
        return Of(key.Algorithm) is Ed25519 or X25519
            ? bytes.ToArray()
            : [(byte)(0x02 | (bytes[^1] & 1)), .. bytes.Slice(1, CompressedSize - 1)];
    }
}
