namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixture]
public sealed class PrivateKeyTests
{
    private const string SecpOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    private const string P256Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private const string P384Order = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

    private static IReadOnlyList<KeyAlgorithm> All => KeyAlgorithm.All;

    [TestCaseSource(nameof(All))]
    public void An_exported_key_is_the_imported_one(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);
        byte[] raw = TestKeys.Raw(key);
        using PrivateKey imported = PrivateKey.Import(algorithm, raw, KeyExportPolicy.AllowPlaintextExport);

        Assert.That(TestKeys.Raw(imported), Is.EqualTo(raw));
        Assert.That(imported.PublicKey, Is.EqualTo(key.PublicKey));
        if (!algorithm.IsRsa)
        {
            Assert.That(imported.PublicKey.Export(), Has.Length.EqualTo(algorithm.PublicKeySize));
            Assert.That(imported.PublicKey.SignatureSize, Is.EqualTo(algorithm.SignatureSize));
            Assert.That(imported.Size, Is.EqualTo(algorithm.PrivateKeySize));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Generated_keys_differ(KeyAlgorithm algorithm)
    {
        using PrivateKey first = PrivateKey.Generate(algorithm);
        using PrivateKey second = PrivateKey.Generate(algorithm);

        Assert.That(first.PublicKey, Is.Not.EqualTo(second.PublicKey));
    }

    [TestCaseSource(nameof(All))]
    public void A_key_without_permission_is_not_exported(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm);

        Assert.That(key.ExportPolicy, Is.EqualTo(KeyExportPolicy.None));
        Assert.That(() => key.Export(new byte[32]), Throws.InvalidOperationException);
    }

    [TestCaseSource(nameof(All))]
    public void Exporting_into_another_length_is_misuse(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);

        Assert.That(() => key.Export(new byte[key.Size - 1]), Throws.ArgumentException);
        Assert.That(() => key.Export(new byte[key.Size + 1]), Throws.ArgumentException);
    }

    [TestCaseSource(nameof(All))]
    public void Raw_keys_of_another_length_are_refused(KeyAlgorithm algorithm)
    {
        foreach (int length in new[] { 0, 1, 31, 33, 47, 49, 64, 5120, 5121 })
        {
            byte[] raw = new byte[length];
            Array.Fill(raw, (byte)1);
            Assert.That(() => PrivateKey.Import(algorithm, raw), Throws.InstanceOf<FormatException>(), $"{length} bytes");
        }
    }

    [TestCase("secp256k1", SecpOrder)]
    [TestCase("p256", P256Order)]
    [TestCase("p384", P384Order)]
    public void Scalars_outside_the_group_order_are_refused(string name, string order)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm));
        byte[] n = Convert.FromHexString(order);
        Assert.That(() => PrivateKey.Import(algorithm!, n), Throws.InstanceOf<FormatException>());
        Assert.That(() => PrivateKey.Import(algorithm!, new byte[n.Length]), Throws.InstanceOf<FormatException>());
        byte[] most = new byte[n.Length];
        Array.Fill(most, (byte)0xff);
        Assert.That(() => PrivateKey.Import(algorithm!, most), Throws.InstanceOf<FormatException>());

        n[^1]--;
        using PrivateKey greatest = PrivateKey.Import(algorithm!, n);
        byte[] signature = greatest.Sign([1, 2, 3]);
        Assert.That(greatest.PublicKey.Verify([1, 2, 3], signature));
    }

    [Test]
    public void An_agreement_key_does_not_sign_or_verify()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);

        Assert.That(() => key.Sign([1]), Throws.InvalidOperationException);
        Assert.That(() => key.Sign([1], new byte[64]), Throws.InvalidOperationException);
        Assert.That(() => key.PublicKey.Verify([1], new byte[64]), Throws.InvalidOperationException);
        Assert.That(() => new KeySigner(key), Throws.ArgumentException);
    }

    [Test]
    public void Agreement_is_the_same_from_both_sides()
    {
        using PrivateKey first = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey second = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] one = new byte[32];
        byte[] two = new byte[32];

        Assert.That(first.TryAgree(second.PublicKey, one) && second.TryAgree(first.PublicKey, two));
        Assert.That(one, Is.EqualTo(two).And.Not.All.Zero);
    }

    [Test]
    public void Agreement_with_misused_arguments_throws()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        PublicKey peer = key.PublicKey;

        Assert.That(() => key.TryAgree(peer, new byte[31]), Throws.ArgumentException);
        Assert.That(() => key.TryAgree(null!, new byte[32]), Throws.ArgumentNullException);
        key.Dispose();
        Assert.That(() => key.TryAgree(peer, new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCaseSource(nameof(All))]
    public void No_text_shows_the_secret(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm);

        Assert.That(key.ToString(), Is.EqualTo($"{algorithm.Name} private key"));
    }

    [Test]
    public void Recovery_finds_the_signer_and_nothing_else()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        byte[] message = "message"u8.ToArray();
        byte[] signature = key.Sign(message);

        Assert.That(PublicKey.TryRecover(message, signature, out PublicKey? recovered));
        Assert.That(recovered, Is.EqualTo(key.PublicKey));
        Assert.That(PublicKey.TryRecover("messagf"u8, signature, out recovered) && recovered!.Equals(key.PublicKey), Is.False);
        Assert.That(PublicKey.TryRecover(message, signature.AsSpan(0, 64), out _), Is.False);
        foreach (byte id in new byte[] { 2, 3, 27, 28, 255 })
        {
            byte[] other = (byte[])signature.Clone();
            other[64] = id;
            Assert.That(PublicKey.TryRecover(message, other, out _), Is.False, $"v = {id}");
        }

        Assert.That(PublicKey.TryRecover(message, new byte[65], out _), Is.False);
    }

    [TestCase("secp256k1", SecpOrder)]
    [TestCase("p256", P256Order)]
    public void Signatures_have_a_low_s_and_the_high_twin_verifies(string name, string order)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm));
        System.Numerics.BigInteger n = new(Convert.FromHexString(order), isUnsigned: true, isBigEndian: true);
        using PrivateKey key = TestKeys.New(algorithm!);
        for (byte i = 0; i < 20; i++)
        {
            byte[] signature = key.Sign([i]);
            System.Numerics.BigInteger s = new(signature.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
            Assert.That(s <= n / 2);

            byte[] high = (n - s).ToByteArray(isUnsigned: true, isBigEndian: true);
            signature.AsSpan(32, 32).Clear();
            high.CopyTo(signature.AsSpan(64 - high.Length));
            Assert.That(key.PublicKey.Verify([i], signature));
            Assert.That(PublicKey.TryRecover([i], signature, out _), Is.False, "recovery takes a low s only");
        }
    }
}
