using Geralt;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Argon2id (RFC 9106) with one lane, version 1.3.</summary>
internal static class Argon2idBackend
{
    public const int SaltSize = 16;

    public const int MinimumMemoryKib = 8;

    /// <summary>Derives a key. The cost is the caller's duty to bound.</summary>
    public static void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int passes, int memoryKib, Span<byte> key) =>
        Argon2id.DeriveKey(key, passphrase, salt, passes, memoryKib * 1024);
}
