namespace Sage.Crypto.Internal.Backend;

/// <summary>Ed25519 through libsodium: cofactorless verification of keys that were checked at import.</summary>
internal static class Ed25519Backend
{
    public static bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => Libsodium.IsValidEd25519Point(publicKey);

    /// <summary>Takes the seed in the first 32 bytes of <paramref name="secret"/> and writes the public key behind it.</summary>
    public static void ExpandSeed(Span<byte> secret, Span<byte> publicKey)
    {
        Span<byte> expanded = stackalloc byte[64];
        Geralt.Ed25519.GenerateKeyPair(publicKey, expanded, secret[..32]);
        expanded.CopyTo(secret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(expanded);
    }

    public static void Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> message, Span<byte> signature) =>
        Geralt.Ed25519.Sign(signature, message, secret);

    // Geralt throws on a wrong length; a signature of a wrong length is simply not valid.
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == Geralt.Ed25519.SignatureSize && Geralt.Ed25519.Verify(signature, message, publicKey);
}
