using Sage.HttpSignatures.Internal;

namespace Sage.HttpSignatures.Tests.Unit;

public sealed class WantContentDigestTests
{
    [TestCase("sha-256=1", DigestAlgorithm.Sha256)]
    [TestCase("sha-512=3, sha-256=10, unixsum=0", DigestAlgorithm.Sha256)]
    [TestCase("sha-256=1, sha-512=2", DigestAlgorithm.Sha512)]
    [TestCase("sha-512=5, sha-256=5", DigestAlgorithm.Sha256)]
    [TestCase("sha-256=0, sha-512=1", DigestAlgorithm.Sha512)]
    [TestCase("md5=10, sha-512=1", DigestAlgorithm.Sha512)]
    public void The_algorithm_that_is_liked_best_is_taken(string text, DigestAlgorithm expected)
    {
        Assert.That(WantContentDigest.TryParse(text, out DigestAlgorithm? algorithm), Is.True);
        Assert.That(algorithm, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("md5=10")]
    [TestCase("sha-256=0")]
    [TestCase("sha-256=11")]
    [TestCase("sha-256=-1")]
    [TestCase("sha-256=1.0")]
    [TestCase("sha-256")]
    [TestCase("sha-256=1, sha-256=2")]
    [TestCase("(")]
    public void Nothing_is_taken_from_a_field_that_wants_neither(string text)
    {
        Assert.That(WantContentDigest.TryParse(text, out DigestAlgorithm? algorithm), Is.False);
        Assert.That(algorithm, Is.Null);
    }
}
