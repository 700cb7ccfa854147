using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixtureSource(nameof(Algorithms))]
public sealed class RsaKeyTests(KeyAlgorithm algorithm)
{
    private static readonly byte[] F4 = [1, 0, 1];
    private static readonly byte[] Message = "message"u8.ToArray();
    private static readonly byte[] Raw = TestKeys.RsaDer(2048);

    private static KeyAlgorithm[] Algorithms => [KeyAlgorithm.RsaPssSha512, KeyAlgorithm.RsaV15Sha256];

    [Test]
    public void A_generated_key_has_3072_bits()
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);

        Assert.That(key.PublicKey.SignatureSize, Is.EqualTo(384));
        Assert.That(key.PublicKey.Verify(Message, key.Sign(Message)));
    }

    [TestCase(2047, false)]
    [TestCase(2048, true)]
    [TestCase(2049, true)]
    [TestCase(4096, true)]
    [TestCase(8192, true)]
    [TestCase(8193, false)]
    [TestCase(16384, false)]
    [TestCase(512, false)]
    public void The_modulus_has_2048_to_8192_bits(int bits, bool accepted)
    {
        bool imported = PublicKey.TryImport(algorithm, RsaDer.WritePublicKey(Modulus(bits), F4), out PublicKey? key);

        Assert.That(imported, Is.EqualTo(accepted));
        Assert.That(key?.SignatureSize, Is.EqualTo(accepted ? (bits + 7) / 8 : null));
        Assert.That(key?.Verify(Message, new byte[(bits + 7) / 8]), Is.Not.True);
        Assert.That(key?.Verify(Message, [.. Enumerable.Repeat((byte)0xff, (bits + 7) / 8)]), Is.Not.True, "not below the modulus");
    }

    [TestCase("01", false)]
    [TestCase("03", false)]
    [TestCase("11", false)]
    [TestCase("ffff", false)]
    [TestCase("010000", false)]
    [TestCase("010001", true)]
    [TestCase("010002", false)]
    [TestCase("010003", true)]
    [TestCase("ffffffff", true)]
    [TestCase("0100000001", false)]
    public void The_exponent_is_odd_and_from_65537_to_below_2_to_the_32(string exponent, bool accepted) =>
        Assert.That(PublicKey.TryImport(algorithm, RsaDer.WritePublicKey(Modulus(2048), Convert.FromHexString(exponent)), out _), Is.EqualTo(accepted));

    [Test]
    public void An_even_modulus_is_refused()
    {
        byte[] modulus = Modulus(2048);
        modulus[^1] &= 0xfe;

        Assert.That(PublicKey.TryImport(algorithm, RsaDer.WritePublicKey(modulus, F4), out _), Is.False);
    }

    [TestCase(1024)]
    [TestCase(2040)]
    public void A_short_private_key_is_refused(int bits) =>
        Assert.That(() => PrivateKey.Import(algorithm, TestKeys.RsaDer(bits)), Throws.InstanceOf<FormatException>());

    [Test]
    public void Keys_cut_short_anywhere_are_refused()
    {
        byte[] publicKey = Public();
        for (int length = 0; length < publicKey.Length; length++)
        {
            Assert.That(PublicKey.TryImport(algorithm, publicKey.AsSpan(0, length), out _), Is.False, $"{length} bytes");
        }

        for (int length = 0; length < Raw.Length; length++)
        {
            Assert.That(() => PrivateKey.Import(algorithm, Raw.AsSpan(0, length)), Throws.InstanceOf<FormatException>(), $"{length} bytes");
        }
    }

    [Test]
    public void Bytes_after_a_key_are_refused()
    {
        Assert.That(PublicKey.TryImport(algorithm, [.. Public(), 0], out _), Is.False);
        Assert.That(() => PrivateKey.Import(algorithm, [.. Raw, 0]), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Other_spellings_of_the_same_numbers_are_refused()
    {
        byte[] modulus = Modulus(2048);
        byte[] good = RsaDer.WritePublicKey(modulus, F4);
        Assert.That(PublicKey.TryImport(algorithm, good, out _));
        Assert.That(good[..9], Is.EqualTo(new byte[] { 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00 }));

        Refused([0x30, 0x82, 0x01, 0x0b, 0x02, 0x82, 0x01, 0x02, 0x00, 0x00, .. good[9..]], "a second leading zero");
        Refused([0x30, 0x82, 0x01, 0x09, 0x02, 0x82, 0x01, 0x00, .. good[9..]], "a negative modulus");
        Refused([0x30, 0x83, 0x00, 0x01, 0x0a, .. good[4..]], "a length that is not minimal");
        Refused([0x30, 0x80, .. good[4..], 0x00, 0x00], "a length that is not definite");
        Refused([.. good[..^5], 0x02, 0x04, 0x00, 0x01, 0x00, 0x01], "an exponent with a leading zero");
        Refused([0x31, .. good[1..]], "a set");

        void Refused(byte[] der, string why) => Assert.That(PublicKey.TryImport(algorithm, der, out _), Is.False, why);
    }

    [Test]
    public void A_private_key_whose_numbers_do_not_fit_each_other_is_refused()
    {
        for (int number = 0; number < 8; number++)
        {
            byte[] damaged = Damage(number);
            Assert.That(() => PrivateKey.Import(algorithm, damaged), Throws.InstanceOf<FormatException>(), $"number {number}");
        }
    }

    [Test]
    public void A_key_of_more_than_two_primes_is_refused()
    {
        byte[] raw = (byte[])Raw.Clone();
        Assert.That(raw[4..7], Is.EqualTo(new byte[] { 2, 1, 0 }));
        raw[6] = 1;

        Assert.That(() => PrivateKey.Import(algorithm, raw), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void The_base_class_library_and_a_key_agree_on_signatures()
    {
        (HashAlgorithmName hash, RSASignaturePadding padding) = algorithm == KeyAlgorithm.RsaPssSha512
            ? (HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
            : (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using PrivateKey key = PrivateKey.Import(algorithm, Raw);
        using RSA rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(Raw, out _);

        Assert.That(rsa.VerifyData(Message, key.Sign(Message), hash, padding));
        Assert.That(key.PublicKey.Verify(Message, rsa.SignData(Message, hash, padding)));
        foreach (HashAlgorithmName other in new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512 })
        {
            foreach (RSASignaturePadding otherPadding in new[] { RSASignaturePadding.Pss, RSASignaturePadding.Pkcs1 })
            {
                Assert.That(
                    key.PublicKey.Verify(Message, rsa.SignData(Message, other, otherPadding)),
                    Is.EqualTo(other == hash && otherPadding == padding),
                    $"{other} {otherPadding}");
            }
        }
    }

    [Test]
    public void The_same_numbers_are_another_key_in_another_algorithm()
    {
        PublicKey key = PublicKey.Import(algorithm, Public());
        PublicKey other = PublicKey.Import(Algorithms.Single(candidate => candidate != algorithm), Public());

        Assert.That(other, Is.Not.EqualTo(key));
        Assert.That(other.KeyId, Is.EqualTo(key.KeyId), "ids and thumbprints know no algorithm");
        Assert.That(other.Thumbprint, Is.EqualTo(key.Thumbprint));
    }

    [Test]
    public void Multikey_refuses_it_and_says_why() =>
        Assert.That(() => Multikey.Encode(PublicKey.Import(algorithm, Public())), Throws.ArgumentException.With.Message.Contains("RSA"));

    private static byte[] Public()
    {
        using RSA rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(Raw, out _);
        return rsa.ExportRSAPublicKey();
    }

    private static byte[] Modulus(int bits)
    {
        byte[] modulus = RandomNumberGenerator.GetBytes((bits + 7) / 8);
        int top = (bits - 1) % 8;
        modulus[0] = (byte)((modulus[0] & ((1 << top) - 1)) | (1 << top));
        modulus[^1] |= 1;
        return modulus;
    }

    // One bit in the middle of one of the eight numbers; of the exponent the second lowest, which keeps it acceptable.
    private static byte[] Damage(int number)
    {
        byte[] raw = (byte[])Raw.Clone();
        Assert.That(RsaDer.TryReadPrivateKey(raw, out RsaNumbers numbers));
        ReadOnlySpan<byte> part = number switch
        {
            0 => numbers.N,
            1 => numbers.E,
            2 => numbers.D,
            3 => numbers.P,
            4 => numbers.Q,
            5 => numbers.Dp,
            6 => numbers.Dq,
            _ => numbers.Qi,
        };
        raw.AsSpan().Overlaps(part, out int at);
        raw[number == 1 ? at + 2 : at + (part.Length / 2)] ^= 2;
        return raw;
    }
}
