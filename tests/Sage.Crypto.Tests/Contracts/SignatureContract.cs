namespace Sage.Crypto.Tests.Contracts;

/// <summary>What every signature algorithm owes its callers; run for each one that there is.</summary>
[TestFixtureSource(nameof(Algorithms))]
public sealed class SignatureContract(KeyAlgorithm algorithm)
{
    private static readonly byte[] Message = "The quick brown fox jumps over the lazy dog"u8.ToArray();

    // Random nonces and random salts.
    private bool IsRandomised => algorithm == KeyAlgorithm.P384 || algorithm == KeyAlgorithm.RsaPssSha512;

    public static IEnumerable<KeyAlgorithm> Algorithms() => KeyAlgorithm.All.Where(algorithm => algorithm.CanSign);

    [Test]
    public void A_signature_verifies_with_the_key_and_with_its_imported_public_half()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        for (int length = 0; length < 300; length += 37)
        {
            byte[] message = new byte[length];
            Random(message);
            byte[] signature = key.Sign(message);

            Assert.That(signature, Has.Length.EqualTo(key.PublicKey.SignatureSize));
            Assert.That(key.PublicKey.Verify(message, signature));
            Assert.That(PublicKey.Import(algorithm, key.PublicKey.Bytes).Verify(message, signature));
        }
    }

    [Test]
    public void Signing_is_deterministic_unless_the_algorithm_says_otherwise()
    {
        using PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);
        using PrivateKey same = PrivateKey.Import(algorithm, TestKeys.Raw(key));

        Assert.That(same.Sign(Message), IsRandomised ? Is.Not.EqualTo(key.Sign(Message)) : Is.EqualTo(key.Sign(Message)));
        Assert.That(key.PublicKey.Verify(Message, same.Sign(Message)));
        Assert.That(same.PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public void No_signature_with_a_changed_bit_verifies()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        byte[] signature = key.Sign(Message);
        for (int bit = 0; bit < SignedBytes(key) * 8; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(key.PublicKey.Verify(Message, signature), Is.False, $"bit {bit}");
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.That(key.PublicKey.Verify(Message, signature));
    }

    [Test]
    public void No_message_with_a_changed_bit_verifies()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        byte[] message = (byte[])Message.Clone();
        byte[] signature = key.Sign(message);
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(key.PublicKey.Verify(message, signature), Is.False, $"bit {bit}");
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.That(key.PublicKey.Verify(message.AsSpan(1), signature), Is.False);
        Assert.That(key.PublicKey.Verify([.. message, 0], signature), Is.False);
    }

    [Test]
    public void A_signature_of_another_length_is_not_valid()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        byte[] signature = [.. key.Sign(Message), .. new byte[64]];
        for (int length = 0; length < signature.Length; length++)
        {
            bool expected = length == key.PublicKey.SignatureSize || length == SignedBytes(key);
            Assert.That(key.PublicKey.Verify(Message, signature.AsSpan(0, length)), Is.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public void Constant_signatures_are_not_valid()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        foreach (byte value in new byte[] { 0x00, 0x01, 0x7f, 0x80, 0xff })
        {
            byte[] signature = new byte[key.PublicKey.SignatureSize];
            Array.Fill(signature, value);
            Assert.That(key.PublicKey.Verify(Message, signature), Is.False, $"{value:x2}");
        }
    }

    [Test]
    public void Another_key_does_not_verify()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        using PrivateKey other = TestKeys.New(algorithm);

        Assert.That(other.PublicKey.Verify(Message, key.Sign(Message)), Is.False);
    }

    [Test]
    public void A_destination_of_another_length_is_misuse()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        foreach (int length in new[] { 0, 1, key.PublicKey.SignatureSize - 1, key.PublicKey.SignatureSize + 1 })
        {
            Assert.That(() => key.Sign(Message, new byte[length]), Throws.ArgumentException, $"{length} bytes");
        }
    }

    [Test]
    public void A_disposed_key_does_not_sign_or_leave()
    {
        PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);
        byte[] signature = key.Sign(Message);
        int size = key.Size;
        key.Dispose();
        key.Dispose();

        Assert.That(() => key.Sign(Message), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => key.Sign(Message, new byte[key.PublicKey.SignatureSize]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => key.Export(new byte[size]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(key.PublicKey.Verify(Message, signature), "the public half stays usable");
    }

    [Test]
    public void A_key_disposed_under_its_users_signs_rightly_or_not_at_all()
    {
        PrivateKey key = TestKeys.New(algorithm);
        using ManualResetEventSlim started = new();
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            try
            {
                while (true)
                {
                    _ = key.Sign(Message);
                    started.Set();
                }
            }
            catch (ObjectDisposedException)
            {
                // What the others are to see.
            }
            catch (Exception)
            {
                Interlocked.Increment(ref wrong);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        started.Wait();
        key.Dispose();
        Array.ForEach(threads, thread => thread.Join());

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void A_signing_key_does_not_agree()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);

        Assert.That(() => key.TryAgree(agreement.PublicKey, new byte[32]), Throws.InvalidOperationException);
        Assert.That(() => agreement.TryAgree(key.PublicKey, new byte[32]), Throws.ArgumentException);
    }

    [Test]
    public void One_key_serves_many_threads()
    {
        using PrivateKey key = TestKeys.New(algorithm);
        PublicKey publicKey = PublicKey.Import(algorithm, key.PublicKey.Bytes);
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            byte[] message = [(byte)t, 0];
            for (int i = 0; i < 25; i++)
            {
                message[1] = (byte)i;
                byte[] signature = key.Sign(message);
                bool good = publicKey.Verify(message, signature);
                signature[5] ^= 1;
                if (!good || publicKey.Verify(message, signature))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.That(wrong, Is.Zero);
    }

    // ECDSA over secp256k1 ends with the recovery id, which verification ignores, as the profile says.
    private static int SignedBytes(PrivateKey key) => key.PublicKey.SignatureSize - (key.Algorithm == KeyAlgorithm.Secp256k1 ? 1 : 0);

    private static void Random(byte[] bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}
