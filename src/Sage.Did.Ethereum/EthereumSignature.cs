using System.Diagnostics.CodeAnalysis;
using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>A secp256k1 signature from which the account recovers: <c>r</c>, the low <c>s</c> (EIP-2), and the parity of the nonce's point.</summary>
public sealed class EthereumSignature
{
    /// <summary>Length of <c>r‖s‖v</c>, in bytes.</summary>
    public const int Size = 65;

    private EthereumSignature(UInt256 r, UInt256 s, byte yParity)
    {
        R = r;
        S = s;
        YParity = yParity;
    }

    /// <summary>The number <c>r</c>, between 1 and the order of the group.</summary>
    public UInt256 R { get; }

    /// <summary>The number <c>s</c>, between 1 and half the order of the group.</summary>
    public UInt256 S { get; }

    /// <summary>0 or 1.</summary>
    public byte YParity { get; }

    private static UInt256 Order { get; } = UInt256.FromBigEndian(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"));

    private static UInt256 HalfOrder { get; } = Order.DivRem(2).Quotient;

    /// <summary>Takes the three numbers if they can be a signature.</summary>
    /// <param name="r">The number <c>r</c>.</param>
    /// <param name="s">The number <c>s</c>; a high one is refused, not turned.</param>
    /// <param name="yParity">0 or 1.</param>
    /// <param name="signature">The signature.</param>
    public static bool TryCreate(UInt256 r, UInt256 s, UInt256 yParity, [NotNullWhen(true)] out EthereumSignature? signature)
    {
        bool valid = !r.IsZero && r < Order && !s.IsZero && s <= HalfOrder && yParity <= 1;
        signature = valid ? new EthereumSignature(r, s, (byte)yParity.ToUInt64()) : null;
        return valid;
    }

    /// <summary>Reads <c>r‖s‖v</c>, big-endian, with <c>v</c> as 0 and 1 or as 27 and 28.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="signature">The signature.</param>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EthereumSignature? signature)
    {
        signature = null;
        if (bytes.Length != Size)
        {
            return false;
        }

        byte v = bytes[64] is 27 or 28 ? (byte)(bytes[64] - 27) : bytes[64];
        return TryCreate(UInt256.FromBigEndian(bytes[..32]), UInt256.FromBigEndian(bytes[32..64]), v, out signature);
    }

    /// <summary>Reads <c>r‖s‖v</c>, as <see cref="TryFromBytes"/> does.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="FormatException">The bytes cannot be a signature, or <c>s</c> is high.</exception>
    public static EthereumSignature FromBytes(ReadOnlySpan<byte> bytes) => TryFromBytes(bytes, out EthereumSignature? signature)
        ? signature
        : throw new FormatException("The bytes are not a secp256k1 signature r, s, v with a low s.");

    /// <summary>The form contracts take: <c>r‖s‖v</c> with <c>v</c> as 27 or 28.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        WriteTo(bytes);
        bytes[64] += 27;
        return bytes;
    }

    /// <summary>Finds the account that signed a digest.</summary>
    /// <param name="digest">The 32-byte digest.</param>
    /// <param name="address">The account.</param>
    /// <returns><see langword="false"/> if no key can have made this signature.</returns>
    /// <exception cref="ArgumentException">The digest is not 32 bytes.</exception>
    public bool TryRecover(ReadOnlySpan<byte> digest, out EthereumAddress address)
    {
        if (digest.Length != 32)
        {
            throw new ArgumentException("The digest must be exactly 32 bytes.", nameof(digest));
        }

        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        bool recovered = PublicKey.TryRecoverFromDigest(digest, bytes, out PublicKey? key);
        address = recovered ? EthereumAddress.FromPublicKey(key!) : default;
        return recovered;
    }

    private void WriteTo(Span<byte> bytes)
    {
        R.WriteBigEndian(bytes[..32]);
        S.WriteBigEndian(bytes[32..64]);
        bytes[64] = YParity;
    }
}
