using System.Security.Cryptography;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>DHKEM(X25519, HKDF-SHA256), RFC 9180 §4.1, without authentication.</summary>
internal static class HpkeKem
{
    public const int KeySize = 32;

    // "KEM" ‖ I2OSP(0x0020, 2)
    private static ReadOnlySpan<byte> Suite => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x20];

    /// <summary>Encap(pkR) with a given ephemeral key; false if the Diffie–Hellman result is all zero.</summary>
    public static bool TryEncapsulate(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> ephemeral, Span<byte> encapsulatedKey, Span<byte> sharedSecret)
    {
        Span<byte> dh = stackalloc byte[KeySize];
        try
        {
            X25519Backend.DerivePublicKey(ephemeral, encapsulatedKey);
            if (!X25519Backend.TryAgree(ephemeral, recipient, dh))
            {
                return false;
            }

            ExtractAndExpand(dh, encapsulatedKey, recipient, sharedSecret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dh);
        }
    }

    /// <summary>Decap(enc, skR); false if the Diffie–Hellman result is all zero.</summary>
    public static bool TryDecapsulate(PrivateKey recipient, ReadOnlySpan<byte> encapsulatedKey, Span<byte> sharedSecret)
    {
        Span<byte> dh = stackalloc byte[KeySize];
        try
        {
            if (!recipient.TryAgreeRaw(encapsulatedKey, dh))
            {
                return false;
            }

            ExtractAndExpand(dh, encapsulatedKey, recipient.PublicKey.Bytes, sharedSecret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dh);
        }
    }

    private static void ExtractAndExpand(ReadOnlySpan<byte> dh, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> recipient, Span<byte> sharedSecret)
    {
        Span<byte> context = stackalloc byte[2 * KeySize];
        encapsulatedKey.CopyTo(context);
        recipient.CopyTo(context[KeySize..]);
        Span<byte> prk = stackalloc byte[LabeledHkdf.HashSize];
        try
        {
            LabeledHkdf.Extract(Suite, [], "eae_prk"u8, dh, prk);
            LabeledHkdf.Expand(Suite, prk, "shared_secret"u8, context, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(prk);
        }
    }
}
