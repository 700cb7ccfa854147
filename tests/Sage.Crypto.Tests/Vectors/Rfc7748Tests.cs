using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>RFC 7748 §5.2 and §6.1.</summary>
[TestFixture]
public sealed class Rfc7748Tests
{
    [TestCase(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [TestCase(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void A_scalar_times_a_coordinate_is_the_published_one(string scalar, string coordinate, string expected)
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.X25519, Convert.FromHexString(scalar));
        byte[] result = new byte[32];

        Assert.That(key.TryAgree(PublicKey.Import(KeyAlgorithm.X25519, Convert.FromHexString(coordinate)), result));
        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(expected));
    }

    [TestCase(1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")]
    [TestCase(1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")]
    public void Iterating_gives_the_published_result(int rounds, string expected)
    {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = (byte[])k.Clone();
        byte[] result = new byte[32];
        for (int i = 0; i < rounds; i++)
        {
            Assert.That(X25519Backend.TryAgree(k, u, result));
            (k, u, result) = (result, k, u);
        }

        Assert.That(Convert.ToHexStringLower(k), Is.EqualTo(expected));
    }

    [Test]
    public void Two_sides_agree_on_the_published_secret()
    {
        using PrivateKey alice = Key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        using PrivateKey bob = Key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] first = new byte[32];
        byte[] second = new byte[32];

        Assert.That(Convert.ToHexStringLower(alice.PublicKey.Bytes), Is.EqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        Assert.That(Convert.ToHexStringLower(bob.PublicKey.Bytes), Is.EqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        Assert.That(alice.TryAgree(bob.PublicKey, first) && bob.TryAgree(alice.PublicKey, second));
        Assert.That(Convert.ToHexStringLower(first), Is.EqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
        Assert.That(second, Is.EqualTo(first));
    }

    private static PrivateKey Key(string scalar) => PrivateKey.Import(KeyAlgorithm.X25519, Convert.FromHexString(scalar));
}
