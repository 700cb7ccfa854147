namespace Sage.Crypto.Tests.Contracts;

/// <summary>What every signature algorithm owes its callers; run for each one that there is.</summary>
[TestFixtureSource(nameof(Algorithms))]
public sealed class SignatureContract(KeyAlgorithm algorithm)
{
    private static readonly byte[] Message = "The quick brown fox jumps over the lazy dog"u8.ToArray();

    // ECDSA over secp256k1 ends with the recovery id, which verification ignores, as the profile says.
    private int SignedBytes => Math.Min(algorithm.SignatureSize, 64);

    public static IEnumerable<KeyAlgorithm> Algorithms() => KeyAlgorithm.All.Where(algorithm => algorithm.CanSign);

    [Test]
    public void A_signature_verifies_with_the_key_and_with_its_imported_public_half()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        for (int length = 0; length < 300; length += 37)
        {
            byte[] message = new byte[length];
            Random(message);
            byte[] signature = key.Sign(message);

            Assert.That(signature, Has.Length.EqualTo(algorithm.SignatureSize));
            Assert.That(key.PublicKey.Verify(message, signature));
            Assert.That(PublicKey.Import(algorithm, key.PublicKey.Bytes).Verify(message, signature));
        }
    }

    [Test]
    public void Signing_is_deterministic()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport);
        byte[] raw = new byte[algorithm.PrivateKeySize];
        key.Export(raw);
        using PrivateKey same = PrivateKey.Import(algorithm, raw);

        Assert.That(same.Sign(Message), Is.EqualTo(key.Sign(Message)));
        Assert.That(same.PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public void No_signature_with_a_changed_bit_verifies()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        byte[] signature = key.Sign(Message);
        for (int bit = 0; bit < SignedBytes * 8; bit++)
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
        using PrivateKey key = PrivateKey.Generate(algorithm);
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
        using PrivateKey key = PrivateKey.Generate(algorithm);
        byte[] signature = [.. key.Sign(Message), .. new byte[64]];
        for (int length = 0; length < signature.Length; length++)
        {
            bool expected = length == algorithm.SignatureSize || length == SignedBytes;
            Assert.That(key.PublicKey.Verify(Message, signature.AsSpan(0, length)), Is.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public void Constant_signatures_are_not_valid()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        foreach (byte value in new byte[] { 0x00, 0x01, 0x7f, 0x80, 0xff })
        {
            byte[] signature = new byte[algorithm.SignatureSize];
            Array.Fill(signature, value);
            Assert.That(key.PublicKey.Verify(Message, signature), Is.False, $"{value:x2}");
        }
    }

    [Test]
    public void Another_key_does_not_verify()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        using PrivateKey other = PrivateKey.Generate(algorithm);

        Assert.That(other.PublicKey.Verify(Message, key.Sign(Message)), Is.False);
    }

    [Test]
    public void A_destination_of_another_length_is_misuse()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        foreach (int length in new[] { 0, 1, algorithm.SignatureSize - 1, algorithm.SignatureSize + 1 })
        {
            Assert.That(() => key.Sign(Message, new byte[length]), Throws.ArgumentException, $"{length} bytes");
        }
    }

    [Test]
    public void A_disposed_key_does_not_sign_or_leave()
    {
        PrivateKey key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport);
        byte[] signature = key.Sign(Message);
        key.Dispose();
        key.Dispose();

        Assert.That(() => key.Sign(Message), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => key.Sign(Message, new byte[algorithm.SignatureSize]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => key.Export(new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(key.PublicKey.Verify(Message, signature), "the public half stays usable");
    }

    [Test]
    public void A_signing_key_does_not_agree()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);

        Assert.That(() => key.TryAgree(agreement.PublicKey, new byte[32]), Throws.InvalidOperationException);
        Assert.That(() => agreement.TryAgree(key.PublicKey, new byte[32]), Throws.ArgumentException);
    }

    [Test]
    public void One_key_serves_many_threads()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
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

    private static void Random(byte[] bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}
