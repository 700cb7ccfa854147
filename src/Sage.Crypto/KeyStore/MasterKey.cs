using System.Security.Cryptography;
using System.Text;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>
/// What a passphrase opens in a store: a key that seals entries, a key that authenticates the file, and a value that
/// tells a wrong passphrase from a damaged file. All three come from one Argon2id derivation through HKDF-SHA256.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    public const int CheckSize = 16;

    public const int MacSize = HMACSHA256.HashSizeInBytes;

    private const int KeySize = 32;

    // sealing key ‖ file key ‖ check value. Whoever uses a span of it keeps it alive: its finaliser zeroes.
    private readonly SecretBuffer keys = new(KeySize + KeySize + CheckSize);
    private readonly string storeId;

    private MasterKey(string storeId) => this.storeId = storeId;

    public ReadOnlySpan<byte> Check => keys.Span[(2 * KeySize)..];

    private ReadOnlySpan<byte> SealingKey => keys.Span[..KeySize];

    private ReadOnlySpan<byte> FileKey => keys.Span[KeySize..(2 * KeySize)];

    public static MasterKey Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, KeyDerivationCost cost, string storeId)
    {
        MasterKey derived = new(storeId);
        using SecretBuffer master = new(KeySize);
        Argon2idBackend.Derive(passphrase, salt, cost.Passes, cost.MemoryKib, master.Span);
        Expand(master.Span, "entries", storeId, derived.keys.Span[..KeySize]);
        Expand(master.Span, "file", storeId, derived.keys.Span[KeySize..(2 * KeySize)]);
        Expand(master.Span, "check", storeId, derived.keys.Span[(2 * KeySize)..]);
        return derived;
    }

    public byte[] Authenticate(ReadOnlySpan<byte> body)
    {
        byte[] mac = HMACSHA256.HashData(FileKey, body);
        GC.KeepAlive(keys);
        return mac;
    }

    public StoredKey<SealedKey> Seal(KeyStoreEntry entry, PrivateKey key)
    {
        Span<byte> raw = stackalloc byte[key.Size];
        try
        {
            key.ExportForStore(raw);
            return Seal(entry, raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>Opens an entry; null if it was not sealed under this key for exactly this entry.</summary>
    public PrivateKey? TryOpen(StoredKey<SealedKey> stored)
    {
        Span<byte> raw = stackalloc byte[stored.Secret.Ciphertext.Length - SealedKey.TagSize];
        try
        {
            if (!TryOpen(stored, raw))
            {
                return null;
            }

            PrivateKey key = PrivateKey.Import(stored.Entry.Algorithm, raw, stored.Entry.ExportPolicy);
            if (key.PublicKey.Equals(stored.Entry.PublicKey))
            {
                return key;
            }

            key.Dispose();
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>Seals an entry of this store again under another key; null if it does not open.</summary>
    public StoredKey<SealedKey>? TryReseal(StoredKey<SealedKey> stored, MasterKey next)
    {
        Span<byte> raw = stackalloc byte[stored.Secret.Ciphertext.Length - SealedKey.TagSize];
        try
        {
            return TryOpen(stored, raw) ? next.Seal(stored.Entry, raw) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    public void Dispose() => keys.Dispose();

    private static void Expand(ReadOnlySpan<byte> master, string purpose, string storeId, Span<byte> output) =>
        HKDF.Expand(HashAlgorithmName.SHA256, master, output, Encoding.ASCII.GetBytes($"sage-key-store:1:{purpose}\n{storeId}"));

    private StoredKey<SealedKey> Seal(KeyStoreEntry entry, ReadOnlySpan<byte> raw)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(SealedKey.NonceSize);
        byte[] ciphertext = new byte[raw.Length + SealedKey.TagSize];
        Libsodium.ChaCha20Poly1305Seal(ciphertext, raw, nonce, SealingKey, AssociatedData(entry));
        GC.KeepAlive(keys);
        return new StoredKey<SealedKey>(entry, new SealedKey(nonce, ciphertext));
    }

    private bool TryOpen(StoredKey<SealedKey> stored, Span<byte> raw)
    {
        bool opened = Libsodium.ChaCha20Poly1305Open(raw, stored.Secret.Ciphertext, stored.Secret.Nonce, SealingKey, AssociatedData(stored.Entry));
        GC.KeepAlive(keys);
        return opened;
    }

    // No field can hold a line feed, so the text has one reading.
    private byte[] AssociatedData(KeyStoreEntry entry) => Encoding.ASCII.GetBytes(
        $"sage-key-store:1:entry\n{storeId}\n{entry.Name}\n{entry.KeyId}\n{entry.Algorithm.Name}\n"
        + (entry.ExportPolicy == KeyExportPolicy.AllowPlaintextExport ? "exportable" : "sealed")
        + "\n" + Convert.ToHexStringLower(entry.PublicKey.Bytes));
}
