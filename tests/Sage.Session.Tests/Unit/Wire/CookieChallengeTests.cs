using System.Text;

namespace Sage.Session.Tests.Unit.Wire;

internal sealed class CookieChallengeTests
{
    [TestCase("a")]
    [TestCase("abc-_123")]
    public void A_cookie_comes_back(string cookie)
    {
        byte[] data = CookieChallenge.Write(cookie);
        Assert.That(Encoding.ASCII.GetString(data), Is.EqualTo($$"""{"cookie":"{{cookie}}"}"""));
        Assert.That(CookieChallenge.TryParse(data, out string? read), Is.True);
        Assert.That(read, Is.EqualTo(cookie));
    }

    [Test]
    public void A_cookie_has_1_to_1024_characters()
    {
        Assert.That(CookieChallenge.TryParse(CookieChallenge.Write(new string('a', 1024)), out _), Is.True);
        Assert.That(() => CookieChallenge.Write(new string('a', 1025)), Throws.ArgumentException);
        Assert.That(() => CookieChallenge.Write(""), Throws.ArgumentException);
        Assert.That(Parses($$"""{"cookie":"{{new string('a', 1025)}}"}"""), Is.False);
    }

    [TestCase("""{"cookie":""}""")]
    [TestCase("""{"cookie":"ab+/"}""")]
    [TestCase("""{"cookie":"abc="}""")]
    [TestCase("""{"cookie":"ab c"}""")]
    [TestCase("""{"cookie":"ab\n"}""")]
    [TestCase("""{"cookie":1}""")]
    [TestCase("""{"cookie":null}""")]
    [TestCase("""{"cookie":{"a":1}}""")]
    [TestCase("{}")]
    [TestCase("""{"cookie":"abc","more":"x"}""")]
    [TestCase("""{"cookie":"abc","cookie":"abc"}""")]
    [TestCase("""{"Cookie":"abc"}""")]
    [TestCase("""["abc"]""")]
    [TestCase("\"abc\"")]
    [TestCase("x")]
    [TestCase("")]
    public void Anything_else_is_refused(string text) => Assert.That(Parses(text), Is.False);

    private static bool Parses(string text) => CookieChallenge.TryParse(Encoding.UTF8.GetBytes(text), out _);
}
