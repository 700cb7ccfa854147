namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixture]
public sealed class KeyAlgorithmTests
{
    [Test]
    public void The_set_is_closed_and_named()
    {
        Assert.That(KeyAlgorithm.All.Select(a => a.Name), Is.EqualTo(new[] { "ed25519", "x25519", "secp256k1", "p256", "p384", "rsa-pss-sha512", "rsa-v1_5-sha256" }));
        Assert.That(typeof(KeyAlgorithm).GetConstructors(), Is.Empty);
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            Assert.That(KeyAlgorithm.TryParse(algorithm.Name, out KeyAlgorithm? found));
            Assert.That(found, Is.SameAs(algorithm));
            Assert.That(algorithm.ToString(), Is.EqualTo(algorithm.Name));
            Assert.That(algorithm.CanSign, Is.Not.EqualTo(algorithm.CanAgree));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Ed25519")]
    [TestCase("ed25519 ")]
    [TestCase("rsa")]
    public void Other_names_are_not_known(string? name)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm), Is.False);
        Assert.That(algorithm, Is.Null);
    }

    [Test]
    public void A_default_key_id_says_what_it_is()
    {
        Assert.That(default(KeyId).ToString(), Is.Empty);
        Assert.That(() => default(KeyId).Value, Throws.InvalidOperationException);
        Assert.That(KeyId.Compute([]).Value, Is.EqualTo("e3b0c44298fc1c14"));
    }
}
