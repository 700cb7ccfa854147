using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Geralt;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Argon2id (RFC 9106) with one lane, version 1.3.</summary>
internal static class Argon2idBackend
{
    public const int SaltSize = 16;

    public const int MinimumMemoryKib = 8;

    /// <summary>Derives a key. The cost is the caller's duty to bound.</summary>
    public static void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int passes, int memoryKib, Span<byte> key)
    {
        try
        {
            Argon2id.DeriveKey(key, passphrase, salt, passes, memoryKib * 1024);
        }
        finally
        {
            ZeroStackBelow();
        }
    }

    // libsodium's BLAKE2b leaves its result, which is the key, in a dead stack frame; all its frames fit in 16 KiB.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ZeroStackBelow()
    {
        Span<byte> below = stackalloc byte[16 * 1024];
        CryptographicOperations.ZeroMemory(below);
    }
}
