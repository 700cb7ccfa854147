using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Ed25519 through libsodium: cofactorless verification of keys that were checked at import.</summary>
internal static class Ed25519Backend
{
    public static bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => Libsodium.IsValidEd25519Point(publicKey);

    public static void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> expanded = stackalloc byte[64];
        try
        {
            Geralt.Ed25519.GenerateKeyPair(publicKey, expanded, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    /// <summary>
    /// Signs with a seed and the public key that was derived from it, never one that a caller names: one message signed
    /// beside two different public keys reveals the private key.
    /// </summary>
    /// <remarks>
    /// libsodium wants seed‖public. It is put together here, so that a key that another thread is disposing gives at worst
    /// a signature of some other seed, not the right seed beside a zeroed public key.
    /// </remarks>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> expanded = stackalloc byte[64];
        try
        {
            seed.CopyTo(expanded);
            publicKey.CopyTo(expanded[32..]);
            Geralt.Ed25519.Sign(signature, message, expanded);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    // Geralt throws on a wrong length; a signature of a wrong length is simply not valid.
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == Geralt.Ed25519.SignatureSize && Geralt.Ed25519.Verify(signature, message, publicKey);
}
