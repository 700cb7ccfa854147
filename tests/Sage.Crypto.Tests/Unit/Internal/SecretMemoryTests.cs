using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sage.Crypto.Internal.Backend;
using static Sage.Tests.MemoryScan;

namespace Sage.Crypto.Tests.Unit.Internal;

/// <summary>After dispose no secret is left in the memory of the process, on the heap, in libsodium or on a stack.</summary>
[TestFixture]
[NonParallelizable]
public sealed class SecretMemoryTests
{
    // RFC 9180 A.2.1 (ChaCha20-Poly1305) and A.1.1 (AES-128-GCM).
    private const string Info = "4f6465206f6e2061204772656369616e2055726e";

    private static readonly HpkeSecrets ChaCha = new(
        HpkeAead.ChaCha20Poly1305,
        FromHex("skR", "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"),
        FromHex("skE", "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"),
        FromHex("shared secret", "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7"),
        FromHex("secret", "5b9cd775e64b437a2335cf499361b2e0d5e444d5cb41a8a53336d8fe402282c6"),
        FromHex("key", "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91"),
        FromHex("exporter secret", "a3b010d4994890e2c6968a36f64470d3c824c8f5029942feb11e7a74b2921922"));

    private static readonly HpkeSecrets Aes = new(
        HpkeAead.Aes128Gcm,
        FromHex("skR", "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
        FromHex("skE", "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"),
        FromHex("shared secret", "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc"),
        FromHex("secret", "12fff91991e93b48de37e7daddb52981084bd8aa64289c3788471d9a9712f397"),
        FromHex("key", "4531685d41d65f03dc48f6b8302c05b0"),
        FromHex("exporter secret", "45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8"));

    private static HpkeSecrets[] Hpke => [ChaCha, Aes];

    [SetUp]
    public void SetUp() => RequireSupport();

    [Test]
    public void A_live_secret_is_found_so_the_scan_works()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        using PrivateKey key = Import(KeyAlgorithm.Ed25519, seed);

        Assert.That(Find(seed), Is.EqualTo(new[] { "seed" }));
        key.Sign([1, 2, 3]);
    }

    [Test]
    public void A_live_exporter_secret_is_found_so_the_scan_works()
    {
        byte[] enc = new byte[32];
        using PrivateKey recipient = Import(KeyAlgorithm.X25519, ChaCha.Recipient);
        using HpkeSender sender = Setup(ChaCha, recipient.PublicKey, enc);
        sender.Seal([1], [], new byte[1 + HpkeSender.Overhead]);

        Assert.That(Find(ChaCha.Exporter, ChaCha.Key), Is.EqualTo(new[] { "exporter secret", "key" }));
        sender.Export([], new byte[32]);
    }

    [Test]
    public void A_temporary_left_on_a_stack_is_found_so_the_scan_works()
    {
        MaskedSecret secret = MaskedSecret.Random("temporary");

        Assert.That(FindAfter(() => Leave(secret), () => [secret]), Is.EqualTo(new[] { "temporary" }));
    }

    [TestCaseSource(nameof(Algorithms))]
    public void A_generated_key_leaves_nothing(KeyAlgorithm algorithm)
    {
        PrivateKey? key = null;

        IReadOnlyList<string> found = FindAfter(
            () => key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport),
            () => [Export(key!)]);

        Assert.That(found, Is.Empty);
    }

    [TestCaseSource(nameof(Algorithms))]
    public void An_imported_key_leaves_nothing(KeyAlgorithm algorithm)
    {
        MaskedSecret secret = MaskedSecret.Random("secret");

        Assert.That(FindAfter(() => Import(algorithm, secret), () => Variants(secret)), Is.Empty);
    }

    [Test]
    public void Signing_leaves_nothing()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        byte[] signature = new byte[64];

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                PrivateKey key = Import(KeyAlgorithm.Ed25519, seed);
                key.Sign("any message"u8, signature);
                return key;
            },
            () => Variants(seed));

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void An_HMAC_key_leaves_nothing()
    {
        MaskedSecret secret = MaskedSecret.Random("secret");
        byte[] mac = new byte[HmacKey.SignatureSize];

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                HmacKey key = ImportHmac(secret);
                key.Sign("any message"u8, mac);
                Assert.That(key.Verify("any message"u8, mac));
                return key;
            },
            () => [secret]);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Agreeing_leaves_nothing()
    {
        MaskedSecret scalar = MaskedSecret.Random("scalar");
        using PrivateKey peer = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] shared = new byte[32];

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                PrivateKey key = Import(KeyAlgorithm.X25519, scalar);
                Assert.That(key.TryAgree(peer.PublicKey, shared));
                return key;
            },
            () => Variants(scalar));

        Assert.That(found, Is.Empty);
    }

    [TestCaseSource(nameof(Hpke))]
    public void Setting_up_an_HPKE_sender_leaves_nothing(object value)
    {
        HpkeSecrets secrets = (HpkeSecrets)value;
        byte[] enc = new byte[32];
        PublicKey recipient;
        using (PrivateKey key = Import(KeyAlgorithm.X25519, secrets.Recipient))
        {
            recipient = key.PublicKey;
        }

        Assert.That(FindAfter(() => Setup(secrets, recipient, enc), () => secrets.All), Is.Empty);
    }

    [TestCaseSource(nameof(Hpke))]
    public void An_HPKE_recipient_leaves_nothing(object value)
    {
        HpkeSecrets secrets = (HpkeSecrets)value;
        byte[] enc = new byte[32];
        byte[] info = Convert.FromHexString(Info);

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                using PrivateKey key = Import(KeyAlgorithm.X25519, secrets.Recipient);
                using HpkeSender sender = Setup(secrets, key.PublicKey, enc);
                return HpkeRecipient.TryCreate(key, enc, info, secrets.Aead);
            },
            () => secrets.All);

        Assert.That(found, Is.Empty);
    }

    [TestCaseSource(nameof(Hpke))]
    public void HPKE_messages_and_exports_leave_nothing(object value)
    {
        HpkeSecrets secrets = (HpkeSecrets)value;
        byte[] enc = new byte[32];
        byte[] ciphertext = new byte[20];
        byte[] plaintext = new byte[4];
        byte[] exported = new byte[32];
        byte[] info = Convert.FromHexString(Info);

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                using PrivateKey key = Import(KeyAlgorithm.X25519, secrets.Recipient);
                using HpkeSender sender = Setup(secrets, key.PublicKey, enc);
                HpkeRecipient recipient = HpkeRecipient.TryCreate(key, enc, info, secrets.Aead)!;
                sender.Seal("data"u8, [], ciphertext);
                Assert.That(recipient.TryOpen(ciphertext, [], plaintext));
                recipient.Export([], exported);
                return recipient;
            },
            () => secrets.All);

        Assert.That(found, Is.Empty);
    }

    // The ECDSA algorithms are absent: BouncyCastle's big integers cannot be zeroed, which is stated as a limit.
    private static KeyAlgorithm[] Algorithms() => [KeyAlgorithm.Ed25519, KeyAlgorithm.X25519];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PrivateKey Import(KeyAlgorithm algorithm, MaskedSecret secret)
    {
        Span<byte> raw = stackalloc byte[32];
        try
        {
            secret.Reveal(raw);
            return PrivateKey.Import(algorithm, raw, KeyExportPolicy.AllowPlaintextExport);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HmacKey ImportHmac(MaskedSecret secret)
    {
        Span<byte> raw = stackalloc byte[32];
        try
        {
            secret.Reveal(raw);
            return HmacKey.Import(raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HpkeSender Setup(HpkeSecrets secrets, PublicKey recipient, byte[] enc)
    {
        Span<byte> ephemeral = stackalloc byte[32];
        try
        {
            secrets.Ephemeral.Reveal(ephemeral);
            return HpkeSender.Create(recipient, Convert.FromHexString(Info), secrets.Aead, enc, ephemeral);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IDisposable? Leave(MaskedSecret secret)
    {
        Span<byte> raw = stackalloc byte[32];
        secret.Reveal(raw);
        return null;
    }

    private static MaskedSecret Export(PrivateKey key)
    {
        Span<byte> raw = stackalloc byte[32];
        try
        {
            key.Export(raw);
            return new MaskedSecret("generated", raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>The Diffie–Hellman result inside the KEM, which the vectors do not name.</summary>
    private static MaskedSecret Agree(HpkeSecrets secrets)
    {
        Span<byte> raw = stackalloc byte[32];
        Span<byte> ephemeral = stackalloc byte[32];
        try
        {
            secrets.Ephemeral.Reveal(ephemeral);
            X25519Backend.DerivePublicKey(ephemeral, raw);
            Span<byte> enc = stackalloc byte[32];
            raw.CopyTo(enc);
            secrets.Recipient.Reveal(raw);
            Assert.That(X25519Backend.TryAgree(raw, enc, ephemeral));
            return new MaskedSecret("Diffie-Hellman result", ephemeral);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
            CryptographicOperations.ZeroMemory(ephemeral);
        }
    }

    /// <summary>The key itself and what the algorithms make of it: the clamped scalar, and Ed25519's scalar and nonce prefix.</summary>
    private static MaskedSecret[] Variants(MaskedSecret secret)
    {
        Span<byte> raw = stackalloc byte[32];
        Span<byte> hash = stackalloc byte[64];
        try
        {
            secret.Reveal(raw);
            SHA512.HashData(raw, hash);
            Clamp(raw);
            Clamp(hash[..32]);
            return [secret, new("clamped", raw), new("expanded scalar", hash[..32]), new("nonce prefix", hash[32..])];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
            CryptographicOperations.ZeroMemory(hash);
        }
    }

    private static void Clamp(Span<byte> scalar)
    {
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
    }

    private static MaskedSecret FromHex(string name, string hex) => MaskedSecret.FromHex(name, hex);

    private sealed record HpkeSecrets(
        HpkeAead Aead,
        MaskedSecret Recipient,
        MaskedSecret Ephemeral,
        MaskedSecret Shared,
        MaskedSecret Secret,
        MaskedSecret Key,
        MaskedSecret Exporter)
    {
        public MaskedSecret[] All => [Recipient, Ephemeral, Agree(this), Shared, Secret, Key, Exporter];

        public override string ToString() => $"{Aead}";
    }
}
