using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>X25519 through libsodium; an all-zero result is always refused.</summary>
internal static class X25519Backend
{
    // The low-order points of RFC 7748 / libsodium's blocklist, high bit masked: they give an all-zero secret with any key.
    private static readonly byte[][] LowOrder =
    [
        Convert.FromHexString("0000000000000000000000000000000000000000000000000000000000000000"),
        Convert.FromHexString("0100000000000000000000000000000000000000000000000000000000000000"),
        Convert.FromHexString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        Convert.FromHexString("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        Convert.FromHexString("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        Convert.FromHexString("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];

    public static bool IsValidPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 32)
        {
            return false;
        }

        Span<byte> masked = stackalloc byte[32];
        publicKey.CopyTo(masked);
        masked[31] &= 0x7f;
        foreach (byte[] point in LowOrder)
        {
            if (Bytes.PublicEquals(masked, point))
            {
                return false;
            }
        }

        return true;
    }

    public static void DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey) =>
        Geralt.X25519.ComputePublicKey(publicKey, secret);

    /// <summary>False, with a zeroed destination, if the result is all zero. All three are 32 bytes.</summary>
    public static bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peer, Span<byte> sharedSecret)
    {
        if (Libsodium.TryX25519(sharedSecret, secret, peer))
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }
}
