using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Unit.Hpke;

[TestFixture]
public sealed class HpkeTests
{
    private static readonly byte[] Info = "info"u8.ToArray();
    private static readonly byte[] Aad = "aad"u8.ToArray();
    private static readonly byte[] Plaintext = "a message"u8.ToArray();

    private PrivateKey key = null!;

    private static HpkeAead[] Ciphers => [HpkeAead.Aes128Gcm, HpkeAead.Aes256Gcm, HpkeAead.ChaCha20Poly1305];

    private static HpkeAead[] All => [.. Ciphers, HpkeAead.ExportOnly];

    [SetUp]
    public void SetUp() => key = PrivateKey.Generate(KeyAlgorithm.X25519);

    [TearDown]
    public void TearDown() => key.Dispose();

    [TestCaseSource(nameof(Ciphers))]
    public void Messages_open_in_order(HpkeAead aead)
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(aead);
        using (sender)
        using (recipient)
        {
            foreach (int length in new[] { 0, 1, 15, 16, 17, 1000, 70_000 })
            {
                byte[] plaintext = RandomNumberGenerator.GetBytes(length);
                byte[] ciphertext = new byte[length + HpkeSender.Overhead];
                byte[] opened = new byte[length];
                sender.Seal(plaintext, Aad, ciphertext);

                Assert.That(recipient.TryOpen(ciphertext, Aad, opened), $"{length} bytes");
                Assert.That(opened, Is.EqualTo(plaintext));
            }
        }
    }

    [TestCaseSource(nameof(Ciphers))]
    public void No_message_with_a_changed_bit_opens_and_none_is_skipped(HpkeAead aead)
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(aead);
        using (sender)
        using (recipient)
        {
            byte[] ciphertext = Seal(sender);
            byte[] opened = new byte[Plaintext.Length];
            for (int bit = 0; bit < ciphertext.Length * 8; bit++)
            {
                ciphertext[bit / 8] ^= (byte)(1 << (bit % 8));
                Array.Fill(opened, (byte)0xee);
                Assert.That(recipient.TryOpen(ciphertext, Aad, opened), Is.False, $"bit {bit}");
                Assert.That(opened, Is.All.Zero);
                ciphertext[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.That(recipient.TryOpen(ciphertext, "aae"u8, opened), Is.False);
            for (int length = 0; length < HpkeSender.Overhead; length++)
            {
                Assert.That(recipient.TryOpen(ciphertext.AsSpan(0, length), Aad, []), Is.False, $"{length} bytes");
            }

            Assert.That(recipient.TryOpen(ciphertext, Aad, opened), "a failure does not advance the sequence");
            Assert.That(opened, Is.EqualTo(Plaintext));
        }
    }

    [TestCaseSource(nameof(Ciphers))]
    public void Replayed_and_reordered_messages_do_not_open(HpkeAead aead)
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(aead);
        using (sender)
        using (recipient)
        {
            byte[] first = Seal(sender);
            byte[] second = Seal(sender);
            byte[] opened = new byte[Plaintext.Length];

            Assert.That(second, Is.Not.EqualTo(first));
            Assert.That(recipient.TryOpen(second, Aad, opened), Is.False);
            Assert.That(recipient.TryOpen(first, Aad, opened));
            Assert.That(recipient.TryOpen(first, Aad, opened), Is.False);
            Assert.That(recipient.TryOpen(second, Aad, opened));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Both_sides_export_the_same_and_every_input_matters(HpkeAead aead)
    {
        byte[] enc = new byte[32];
        using HpkeSender sender = HpkeSender.Create(key.PublicKey, Info, aead, enc);
        using HpkeRecipient recipient = HpkeRecipient.TryCreate(key, enc, Info, aead)!;
        using HpkeRecipient otherInfo = HpkeRecipient.TryCreate(key, enc, "inf0"u8, aead)!;
        using PrivateKey otherKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        using HpkeRecipient otherRecipient = HpkeRecipient.TryCreate(otherKey, enc, Info, aead)!;
        using HpkeRecipient otherSuite = HpkeRecipient.TryCreate(key, enc, Info, All.First(a => a != aead))!;
        string expected = Export(sender.Export, "context");

        Assert.That(Export(recipient.Export, "context"), Is.EqualTo(expected));
        Assert.That(Export(recipient.Export, "contexu"), Is.Not.EqualTo(expected));
        Assert.That(Export(otherInfo.Export, "context"), Is.Not.EqualTo(expected));
        Assert.That(Export(otherRecipient.Export, "context"), Is.Not.EqualTo(expected));
        Assert.That(Export(otherSuite.Export, "context"), Is.Not.EqualTo(expected));
        Assert.That(Export(recipient.Export, "context", 33)[..64], Is.Not.EqualTo(expected), "the length is part of it");
    }

    [TestCase(0)]
    [TestCase(400)]
    [TestCase(600)]
    [TestCase(100_000)]
    public void Info_and_contexts_of_any_length_are_taken(int length)
    {
        byte[] info = RandomNumberGenerator.GetBytes(length);
        byte[] enc = new byte[32];
        byte[] one = new byte[8160];
        byte[] two = new byte[8160];
        using HpkeSender sender = HpkeSender.Create(key.PublicKey, info, HpkeAead.ExportOnly, enc);
        using HpkeRecipient recipient = HpkeRecipient.TryCreate(key, enc, info, HpkeAead.ExportOnly)!;
        sender.Export(info, one);
        recipient.Export(info, two);

        Assert.That(one, Is.EqualTo(two).And.Not.All.Zero);
    }

    [Test]
    public void Every_context_has_a_fresh_ephemeral_key()
    {
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        using HpkeSender one = HpkeSender.Create(key.PublicKey, Info, HpkeAead.ExportOnly, first);
        using HpkeSender two = HpkeSender.Create(key.PublicKey, Info, HpkeAead.ExportOnly, second);

        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(Export(one.Export, "c"), Is.Not.EqualTo(Export(two.Export, "c")));
    }

    [Test]
    public void An_encapsulated_key_of_another_length_gives_no_context()
    {
        foreach (int length in new[] { 0, 31, 33, 64 })
        {
            Assert.That(HpkeRecipient.TryCreate(key, RandomNumberGenerator.GetBytes(length), Info, HpkeAead.Aes256Gcm), Is.Null);
        }
    }

    [Test]
    public void The_last_sequence_number_is_not_used()
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(HpkeAead.ChaCha20Poly1305);
        using (sender)
        using (recipient)
        {
            sender.Sequence = recipient.Sequence = ulong.MaxValue - 1;
            byte[] ciphertext = Seal(sender);
            byte[] opened = new byte[Plaintext.Length];
            Assert.That(recipient.TryOpen(ciphertext, Aad, opened));

            Assert.That(() => Seal(sender), Throws.InvalidOperationException);
            Assert.That(() => recipient.TryOpen(ciphertext, Aad, opened), Throws.InvalidOperationException);
            Assert.That(Export(sender.Export, "c"), Is.EqualTo(Export(recipient.Export, "c")));
        }
    }

    [Test]
    public void An_export_only_context_does_not_encrypt()
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(HpkeAead.ExportOnly);
        using (sender)
        using (recipient)
        {
            Assert.That(() => Seal(sender), Throws.InvalidOperationException);
            Assert.That(() => recipient.TryOpen(new byte[20], Aad, new byte[4]), Throws.InvalidOperationException);
        }
    }

    [TestCaseSource(nameof(All))]
    public void A_disposed_context_does_nothing(HpkeAead aead)
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(aead);
        if (aead != HpkeAead.ExportOnly)
        {
            Seal(sender);
        }

        sender.Dispose();
        sender.Dispose();
        recipient.Dispose();

        Assert.That(() => Seal(sender), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => sender.Export([], new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => recipient.TryOpen(new byte[20], Aad, new byte[4]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => recipient.Export([], new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Misuse_throws()
    {
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        byte[] enc = new byte[32];
        const HpkeAead Aead = HpkeAead.Aes128Gcm;

        Assert.That(() => HpkeSender.Create(null!, Info, Aead, enc), Throws.ArgumentNullException);
        Assert.That(() => HpkeSender.Create(signing.PublicKey, Info, Aead, enc), Throws.ArgumentException);
        Assert.That(() => HpkeSender.Create(key.PublicKey, Info, (HpkeAead)4, enc), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => HpkeSender.Create(key.PublicKey, Info, Aead, new byte[31]), Throws.ArgumentException);
        Assert.That(() => HpkeSender.Create(key.PublicKey, Info, Aead, new byte[33]), Throws.ArgumentException);
        Assert.That(() => HpkeRecipient.TryCreate(null!, enc, Info, Aead), Throws.ArgumentNullException);
        Assert.That(() => HpkeRecipient.TryCreate(signing, enc, Info, Aead), Throws.ArgumentException);
        Assert.That(() => HpkeRecipient.TryCreate(key, enc, Info, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

        (HpkeSender sender, HpkeRecipient recipient) = Pair(Aead);
        using (sender)
        using (recipient)
        {
            Assert.That(() => sender.Seal(Plaintext, Aad, new byte[Plaintext.Length]), Throws.ArgumentException);
            Assert.That(() => sender.Seal(Plaintext, Aad, new byte[Plaintext.Length + 17]), Throws.ArgumentException);
            Assert.That(() => recipient.TryOpen(new byte[20], Aad, new byte[5]), Throws.ArgumentException);
            Assert.That(() => sender.Export(Info, []), Throws.ArgumentException);
            Assert.That(() => sender.Export(Info, new byte[8161]), Throws.ArgumentException);
        }

        key.Dispose();
        Assert.That(() => HpkeRecipient.TryCreate(key, RandomNumberGenerator.GetBytes(32), Info, Aead), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCaseSource(nameof(Ciphers))]
    public void Threads_that_share_a_sender_never_share_a_nonce(HpkeAead aead)
    {
        (HpkeSender sender, HpkeRecipient recipient) = Pair(aead);
        using (sender)
        using (recipient)
        {
            System.Collections.Concurrent.ConcurrentBag<string> ciphertexts = [];
            Parallel.For(0, 500, _ => ciphertexts.Add(Convert.ToHexString(Seal(sender))));
            Assert.That(ciphertexts.Distinct().Count(), Is.EqualTo(500));

            // Every number was used once: each message opens at exactly one position.
            HashSet<string> left = [.. ciphertexts];
            byte[] opened = new byte[Plaintext.Length];
            for (int i = 0; i < 5; i++)
            {
                string? next = left.FirstOrDefault(c => recipient.TryOpen(Convert.FromHexString(c), Aad, opened));
                Assert.That(next, Is.Not.Null, $"message {i}");
                left.Remove(next!);
            }
        }
    }

    [Test]
    public void A_context_costs_few_bytes_beyond_itself()
    {
        byte[] enc = new byte[32];
        byte[] secret = new byte[32];
        Exchange();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange();
        long used = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(used, Is.LessThan(1024), "both sides");

        void Exchange()
        {
            using HpkeSender sender = HpkeSender.Create(key.PublicKey, Info, HpkeAead.ChaCha20Poly1305, enc);
            using HpkeRecipient recipient = HpkeRecipient.TryCreate(key, enc, Info, HpkeAead.ChaCha20Poly1305)!;
            sender.Export(Info, secret);
            recipient.Export(Info, secret);
        }
    }

    private static byte[] Seal(HpkeSender sender)
    {
        byte[] ciphertext = new byte[Plaintext.Length + HpkeSender.Overhead];
        sender.Seal(Plaintext, Aad, ciphertext);
        return ciphertext;
    }

    private delegate void Exporter(ReadOnlySpan<byte> context, Span<byte> secret);

    private static string Export(Exporter export, string context, int length = 32)
    {
        byte[] secret = new byte[length];
        export(System.Text.Encoding.ASCII.GetBytes(context), secret);
        return Convert.ToHexString(secret);
    }

    private (HpkeSender Sender, HpkeRecipient Recipient) Pair(HpkeAead aead)
    {
        byte[] enc = new byte[32];
        HpkeSender sender = HpkeSender.Create(key.PublicKey, Info, aead, enc);
        return (sender, HpkeRecipient.TryCreate(key, enc, Info, aead)!);
    }
}
