using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixture]
public sealed class PublicKeyTests
{
    private static IReadOnlyList<KeyAlgorithm> All => KeyAlgorithm.All;

    [TestCaseSource(nameof(All))]
    public void Import_accepts_what_export_gives(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm);
        PublicKey imported = PublicKey.Import(algorithm, key.PublicKey.Export());

        Assert.That(imported, Is.EqualTo(key.PublicKey));
        Assert.That(imported.GetHashCode(), Is.EqualTo(key.PublicKey.GetHashCode()));
        Assert.That(imported.KeyId, Is.EqualTo(key.PublicKey.KeyId));
        Assert.That(imported.Thumbprint, Is.EqualTo(key.PublicKey.Thumbprint).And.Length.EqualTo(43));
        Assert.That(imported.ToString(), Does.Contain(algorithm.Name).And.Contain(imported.KeyId.Value));
    }

    [TestCaseSource(nameof(All))]
    public void Changing_an_export_does_not_change_the_key(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm);
        byte[] exported = key.PublicKey.Export();
        byte[] source = key.PublicKey.Export();
        PublicKey imported = PublicKey.Import(algorithm, source);
        exported[5] ^= 1;
        source[5] ^= 1;

        Assert.That(imported, Is.EqualTo(key.PublicKey));
        Assert.That(imported.Export(), Is.Not.EqualTo(exported));
    }

    [TestCaseSource(nameof(All))]
    public void Garbage_of_any_length_is_refused_without_another_exception(KeyAlgorithm algorithm)
    {
        for (int length = 0; length < 140; length++)
        {
            for (int i = 0; i < 20; i++)
            {
                byte[] bytes = RandomNumberGenerator.GetBytes(length);
                if (length > 0 && i < 8)
                {
                    bytes[0] = (byte)i;
                }

                bool imported = PublicKey.TryImport(algorithm, bytes, out PublicKey? key);
                Assert.That(key is not null, Is.EqualTo(imported));
                if (length is not (32 or 33 or 64 or 65 or 49 or 97))
                {
                    Assert.That(imported, Is.False, $"{length} bytes");
                }
            }
        }
    }

    [TestCase("secp256k1", 64)]
    [TestCase("secp256k1", 33)]
    [TestCase("p256", 33)]
    [TestCase("p384", 49)]
    public void Shorter_point_forms_give_the_same_key(string name, int length)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm));
        for (int i = 0; i < 10; i++)
        {
            using PrivateKey key = TestKeys.New(algorithm!);
            byte[] full = key.PublicKey.Export();
            byte[] form = length == 64 ? full[1..] : [(byte)(2 + (full[^1] & 1)), .. full[1..length]];

            Assert.That(PublicKey.Import(algorithm!, form), Is.EqualTo(key.PublicKey));
        }
    }

    [Test]
    public void NIST_points_have_no_form_without_a_tag()
    {
        using PrivateKey p256 = PrivateKey.Generate(KeyAlgorithm.P256);
        using PrivateKey p384 = PrivateKey.Generate(KeyAlgorithm.P384);

        Assert.That(PublicKey.TryImport(KeyAlgorithm.P256, p256.PublicKey.Bytes[1..], out _), Is.False);
        Assert.That(PublicKey.TryImport(KeyAlgorithm.P384, p384.PublicKey.Bytes[1..], out _), Is.False);
        Assert.That(PublicKey.TryImport(KeyAlgorithm.P384, p256.PublicKey.Bytes, out _), Is.False);
        Assert.That(PublicKey.TryImport(KeyAlgorithm.P256, p384.PublicKey.Bytes, out _), Is.False);
    }

    [TestCase("secp256k1", "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")]
    [TestCase("p256", "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")]
    [TestCase("p384", "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff")]
    public void Points_off_the_curve_and_odd_encodings_are_refused(string name, string prime)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm));
        using PrivateKey key = TestKeys.New(algorithm!);
        byte[] full = key.PublicKey.Export();
        byte[] off = (byte[])full.Clone();
        off[^1] ^= 1;
        int compressed = 1 + (full.Length / 2);

        Refused(off, "not on the curve");
        Refused([0], "the point at infinity");
        Refused([0, .. full[1..]], "infinity with coordinates");
        Refused([(byte)(6 + (full[^1] & 1)), .. full[1..]], "hybrid form");
        Refused([2, .. full[1..]], "compressed tag on a full point");
        Refused([4, .. full[1..compressed]], "full tag on a compressed point");
        Refused([4, .. new byte[full.Length - 1]], "zero");
        Refused([2, .. Convert.FromHexString(prime)], "x is not below p");
        Refused([4, .. Convert.FromHexString(prime), .. full[compressed..]], "x is not below p");

        void Refused(byte[] encoded, string why)
        {
            Assert.That(PublicKey.TryImport(algorithm!, encoded, out _), Is.False, why);
            Assert.That(() => PublicKey.Import(algorithm!, encoded), Throws.InstanceOf<FormatException>(), why);
        }
    }

    [Test]
    public void Keys_of_two_algorithms_are_not_equal()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        PublicKey same = PublicKey.Import(KeyAlgorithm.X25519, key.PublicKey.Bytes);

        Assert.That(same, Is.Not.EqualTo(key.PublicKey));
        Assert.That(same.Equals(null), Is.False);
    }

    [Test]
    public void Only_secp256k1_has_an_Ethereum_address()
    {
        foreach (KeyAlgorithm algorithm in All)
        {
            using PrivateKey key = TestKeys.New(algorithm);
            if (algorithm == KeyAlgorithm.Secp256k1)
            {
                Assert.That(key.PublicKey.GetEthereumAddress(), Does.Match("^0x[0-9a-f]{40}$"));
            }
            else
            {
                Assert.That(() => key.PublicKey.GetEthereumAddress(), Throws.InvalidOperationException);
            }
        }
    }

    [Test]
    public void Low_order_X25519_points_are_refused_and_never_give_a_secret()
    {
        string[] points =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        foreach (byte[] point in points.Select(Convert.FromHexString))
        {
            foreach (byte top in new byte[] { 0x00, 0x80 })
            {
                point[31] = (byte)((point[31] & 0x7f) | top);
                byte[] shared = RandomNumberGenerator.GetBytes(32);
                Assert.That(PublicKey.TryImport(KeyAlgorithm.X25519, point, out _), Is.False, Convert.ToHexString(point));
                Assert.That(key.TryAgreeRaw(point, shared), Is.False, Convert.ToHexString(point));
                Assert.That(shared, Is.All.Zero);
                Assert.That(HpkeRecipient.TryCreate(key, point, [], HpkeAead.ChaCha20Poly1305), Is.Null);
            }
        }
    }
}
