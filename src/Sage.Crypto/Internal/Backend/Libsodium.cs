using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal.Backend;

/// <summary>The libsodium calls that Geralt does not offer, or offers only with an exception for a bad tag.</summary>
internal static partial class Libsodium
{
    private const string Library = "libsodium";

    // Geralt initialises libsodium too; sodium_init is idempotent and thread-safe.
    static Libsodium()
    {
        if (Init() < 0)
        {
            throw new DllNotFoundException("libsodium could not be initialised.");
        }
    }

    /// <summary>Whether a point is canonical, on the curve and in the prime-order subgroup.</summary>
    public static unsafe bool IsValidEd25519Point(ReadOnlySpan<byte> point)
    {
        if (point.Length != 32)
        {
            return false;
        }

        fixed (byte* p = point)
        {
            return IsValidPoint(p) == 1;
        }
    }

    /// <summary>X25519; false if the result is all zero. All three are 32 bytes, which is the caller's duty.</summary>
    public static unsafe bool TryX25519(Span<byte> sharedSecret, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peer)
    {
        Debug.Assert(sharedSecret.Length == 32 && secret.Length == 32 && peer.Length == 32);
        fixed (byte* q = sharedSecret, n = secret, p = peer)
        {
            return ScalarMult(q, n, p) == 0;
        }
    }

    /// <summary>SipHash-2-4 with 128 bits: a keyed hash for tables, in the byte order of the machine.</summary>
    public static unsafe UInt128 SipHash128(UInt128 key, ReadOnlySpan<byte> data)
    {
        UInt128 hash;
        fixed (byte* d = data)
        {
            _ = SipHash((byte*)&hash, d, (ulong)data.Length, (byte*)&key);
        }

        return hash;
    }

    /// <summary>Seals into <c>ciphertext‖tag</c>. Lengths are the caller's duty and asserted there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void ChaCha20Poly1305Seal(
        Span<byte> ciphertextAndTag, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad)
    {
        fixed (byte* c = ciphertextAndTag, m = plaintext, n = nonce, k = key, a = aad)
        {
            _ = Encrypt(c, null, m, (ulong)plaintext.Length, a, (ulong)aad.Length, null, n, k);
        }
    }

    /// <summary>Opens <c>ciphertext‖tag</c>; on a bad tag libsodium zeroes the destination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool ChaCha20Poly1305Open(
        Span<byte> plaintext, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad)
    {
        fixed (byte* m = plaintext, c = ciphertextAndTag, n = nonce, k = key, a = aad)
        {
            return Decrypt(m, null, null, c, (ulong)ciphertextAndTag.Length, a, (ulong)aad.Length, n, k) == 0;
        }
    }

    /// <summary>XChaCha20-Poly1305 with a nonce of 24 bytes, long enough to be random wherever it is made.</summary>
    public static unsafe void XChaCha20Poly1305Seal(
        Span<byte> ciphertextAndTag, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad)
    {
        Debug.Assert(ciphertextAndTag.Length == plaintext.Length + 16 && nonce.Length == 24 && key.Length == 32);
        fixed (byte* c = ciphertextAndTag, m = plaintext, n = nonce, k = key, a = aad)
        {
            _ = EncryptExtended(c, null, m, (ulong)plaintext.Length, a, (ulong)aad.Length, null, n, k);
        }
    }

    /// <summary>Opens <c>ciphertext‖tag</c> of XChaCha20-Poly1305; on a bad tag libsodium zeroes the destination.</summary>
    public static unsafe bool XChaCha20Poly1305Open(
        Span<byte> plaintext, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad)
    {
        Debug.Assert(ciphertextAndTag.Length == plaintext.Length + 16 && nonce.Length == 24 && key.Length == 32);
        fixed (byte* m = plaintext, c = ciphertextAndTag, n = nonce, k = key, a = aad)
        {
            return DecryptExtended(m, null, null, c, (ulong)ciphertextAndTag.Length, a, (ulong)aad.Length, n, k) == 0;
        }
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_is_valid_point")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int IsValidPoint(byte* p);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int ScalarMult(byte* q, byte* n, byte* p);

    [LibraryImport(Library, EntryPoint = "crypto_shorthash_siphashx24")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int SipHash(byte* hash, byte* data, ulong length, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int Encrypt(byte* c, ulong* clen, byte* m, ulong mlen, byte* ad, ulong adlen, byte* nsec, byte* npub, byte* k);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int Decrypt(byte* m, ulong* mlen, byte* nsec, byte* c, ulong clen, byte* ad, ulong adlen, byte* npub, byte* k);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_encrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int EncryptExtended(byte* c, ulong* clen, byte* m, ulong mlen, byte* ad, ulong adlen, byte* nsec, byte* npub, byte* k);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_decrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static unsafe partial int DecryptExtended(byte* m, ulong* mlen, byte* nsec, byte* c, ulong clen, byte* ad, ulong adlen, byte* npub, byte* k);
}
