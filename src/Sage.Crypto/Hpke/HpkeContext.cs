using System.Buffers.Binary;
using System.Security.Cryptography;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>
/// The encryption context of RFC 9180 §5: key schedule in base mode, sequence number, export. Sealing and opening are
/// serialised, so that no nonce is used twice.
/// </summary>
internal sealed class HpkeContext : IDisposable
{
    public const int TagSize = 16;

    private const int SuiteSize = 10;
    private const int NonceSize = 12;
    private const int ExporterEnd = LabeledHkdf.HashSize;
    private const int NonceEnd = ExporterEnd + NonceSize;

    private const int KeyScheduleContextSize = 1 + (2 * LabeledHkdf.HashSize);

    // LabeledExtract("", "psk_id_hash", "") depends on the suite alone; base mode has no pre-shared key.
    private static readonly byte[] AesPskIdHash128 = PskIdHash(HpkeAead.Aes128Gcm);
    private static readonly byte[] AesPskIdHash256 = PskIdHash(HpkeAead.Aes256Gcm);
    private static readonly byte[] ChaChaPskIdHash = PskIdHash(HpkeAead.ChaCha20Poly1305);
    private static readonly byte[] ExportPskIdHash = PskIdHash(HpkeAead.ExportOnly);

    private readonly HpkeAead aead;
    private readonly byte[] keyScheduleContext = new byte[KeyScheduleContextSize];

    // exporter_secret ‖ base_nonce ‖ key ‖ secret; nonce and key are derived from the secret when the first message comes,
    // since many contexts only export.
    private readonly SecretBuffer secrets;
    private readonly int keySize;
    private bool hasKey;
    private AesGcm? aes;

    /// <summary>Runs the key schedule of §5.1 for mode_base; the shared secret is the KEM's.</summary>
    public HpkeContext(HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info)
    {
        this.aead = aead;
        keySize = KeySize(aead);
        Span<byte> suite = stackalloc byte[SuiteSize];
        WriteSuite(suite, aead);
        PskIdHashOf(aead).CopyTo(keyScheduleContext, 1);
        LabeledHkdf.Extract(suite, [], "info_hash"u8, info, keyScheduleContext.AsSpan(1 + LabeledHkdf.HashSize));

        secrets = new SecretBuffer(NonceEnd + keySize + LabeledHkdf.HashSize);
        Span<byte> all = secrets.Span;
        Span<byte> secret = all[(NonceEnd + keySize)..];
        LabeledHkdf.Extract(suite, sharedSecret, "secret"u8, [], secret);
        LabeledHkdf.Expand(suite, secret, "exp"u8, keyScheduleContext, all[..ExporterEnd]);
        GC.KeepAlive(this);
    }

    /// <summary>The number of the next message. Set by tests only.</summary>
    internal ulong Sequence { get; set; }

    public static bool IsKnown(HpkeAead aead) =>
        aead is HpkeAead.Aes128Gcm or HpkeAead.Aes256Gcm or HpkeAead.ChaCha20Poly1305 or HpkeAead.ExportOnly;

    public void Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> ciphertext)
    {
        if (ciphertext.Length - TagSize != plaintext.Length)
        {
            throw new ArgumentException($"The ciphertext is exactly {TagSize} bytes longer than the plaintext.", nameof(ciphertext));
        }

        lock (secrets)
        {
            Span<byte> nonce = stackalloc byte[NonceSize];
            ReadOnlySpan<byte> key = Prepare(nonce);
            if (aead == HpkeAead.ChaCha20Poly1305)
            {
                Libsodium.ChaCha20Poly1305Seal(ciphertext, plaintext, nonce, key, aad);
            }
            else
            {
                aes ??= new AesGcm(key, TagSize);
                aes.Encrypt(nonce, plaintext, ciphertext[..^TagSize], ciphertext[^TagSize..], aad);
            }

            Sequence++;
        }
    }

    public bool TryOpen(ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> aad, Span<byte> plaintext)
    {
        if (ciphertext.Length >= TagSize && ciphertext.Length - TagSize != plaintext.Length)
        {
            throw new ArgumentException($"The plaintext is exactly {TagSize} bytes shorter than the ciphertext.", nameof(plaintext));
        }

        lock (secrets)
        {
            Span<byte> nonce = stackalloc byte[NonceSize];
            ReadOnlySpan<byte> key = Prepare(nonce);
            if (ciphertext.Length < TagSize || !Open(key, nonce, ciphertext, aad, plaintext))
            {
                CryptographicOperations.ZeroMemory(plaintext);
                return false;
            }

            Sequence++;
            return true;
        }
    }

    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret)
    {
        if (secret.Length is 0 or > LabeledHkdf.MaxOutput)
        {
            throw new ArgumentException($"An exported secret has 1 to {LabeledHkdf.MaxOutput} bytes.", nameof(secret));
        }

        Span<byte> suite = stackalloc byte[SuiteSize];
        WriteSuite(suite, aead);
        LabeledHkdf.Expand(suite, secrets.Span[..ExporterEnd], "sec"u8, exporterContext, secret);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        lock (secrets)
        {
            aes?.Dispose();
            secrets.Dispose();
        }
    }

    private static int KeySize(HpkeAead aead) => aead switch
    {
        HpkeAead.Aes128Gcm => 16,
        HpkeAead.ExportOnly => 0,
        _ => 32,
    };

    private static byte[] PskIdHashOf(HpkeAead aead) => aead switch
    {
        HpkeAead.Aes128Gcm => AesPskIdHash128,
        HpkeAead.Aes256Gcm => AesPskIdHash256,
        HpkeAead.ChaCha20Poly1305 => ChaChaPskIdHash,
        _ => ExportPskIdHash,
    };

    private static byte[] PskIdHash(HpkeAead aead)
    {
        Span<byte> suite = stackalloc byte[SuiteSize];
        WriteSuite(suite, aead);
        byte[] hash = new byte[LabeledHkdf.HashSize];
        LabeledHkdf.Extract(suite, [], "psk_id_hash"u8, [], hash);
        return hash;
    }

    // "HPKE" ‖ I2OSP(kem_id, 2) ‖ I2OSP(kdf_id, 2) ‖ I2OSP(aead_id, 2)
    private static void WriteSuite(Span<byte> suite, HpkeAead aead)
    {
        "HPKE\x00\x20\x00\x01"u8.CopyTo(suite);
        BinaryPrimitives.WriteUInt16BigEndian(suite[8..], (ushort)aead);
    }

    /// <summary>Computes the nonce of the next message (base_nonce xor sequence) and returns the key.</summary>
    private ReadOnlySpan<byte> Prepare(Span<byte> nonce)
    {
        ReadOnlySpan<byte> all = secrets.Span;
        if (aead == HpkeAead.ExportOnly)
        {
            throw new InvalidOperationException("An export-only HPKE context has no key to seal or open with.");
        }

        if (Sequence == ulong.MaxValue)
        {
            throw new InvalidOperationException("This HPKE context has used its last sequence number; make a new one.");
        }

        if (!hasKey)
        {
            DeriveKey();
        }

        all[ExporterEnd..NonceEnd].CopyTo(nonce);
        Span<byte> low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ Sequence);
        return all.Slice(NonceEnd, keySize);
    }

    private void DeriveKey()
    {
        Span<byte> suite = stackalloc byte[SuiteSize];
        WriteSuite(suite, aead);
        Span<byte> all = secrets.Span;
        Span<byte> secret = all[(NonceEnd + keySize)..];
        LabeledHkdf.Expand(suite, secret, "base_nonce"u8, keyScheduleContext, all[ExporterEnd..NonceEnd]);
        LabeledHkdf.Expand(suite, secret, "key"u8, keyScheduleContext, all.Slice(NonceEnd, keySize));
        CryptographicOperations.ZeroMemory(secret);
        hasKey = true;
        GC.KeepAlive(this);
    }

    private bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> aad, Span<byte> plaintext)
    {
        if (aead == HpkeAead.ChaCha20Poly1305)
        {
            return Libsodium.ChaCha20Poly1305Open(plaintext, ciphertext, nonce, key, aad);
        }

        try
        {
            aes ??= new AesGcm(key, TagSize);
            aes.Decrypt(nonce, ciphertext[..^TagSize], ciphertext[^TagSize..], plaintext, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
