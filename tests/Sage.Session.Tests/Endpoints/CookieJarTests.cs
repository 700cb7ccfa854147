using Microsoft.Extensions.Time.Testing;

namespace Sage.Session.Tests.Endpoints;

public sealed class CookieJarTests
{
    private static readonly CookieSubject Subject = new("did:sage:ethereum:0x1", "did:sage:ethereum:0x2", "ctx-1", "192.0.2.1");
    private readonly FakeTimeProvider time = new();

    [Test]
    public void A_cookie_is_accepted_for_what_it_was_made_for()
    {
        using CookieJar jar = new(time);
        Assert.That(jar.Accepts(jar.Create(Subject), Subject), Is.True);
    }

    [Test]
    public void A_cookie_is_base64url_of_at_most_1024_characters()
    {
        using CookieJar jar = new(time);
        Assert.That(jar.Create(Subject), Does.Match("^[A-Za-z0-9_-]{1,1024}$"));
    }

    [Test]
    public void A_cookie_is_refused_for_anything_else()
    {
        using CookieJar jar = new(time);
        string cookie = jar.Create(Subject);
        Assert.Multiple(() =>
        {
            Assert.That(jar.Accepts(cookie, Subject with { Initiator = "did:sage:ethereum:0x3" }), Is.False);
            Assert.That(jar.Accepts(cookie, Subject with { Responder = "did:sage:ethereum:0x3" }), Is.False);
            Assert.That(jar.Accepts(cookie, Subject with { Context = "ctx-2" }), Is.False);
            Assert.That(jar.Accepts(cookie, Subject with { RemoteAddress = "192.0.2.2" }), Is.False);
        });
    }

    [Test]
    public void Text_cannot_move_from_one_part_to_the_next()
    {
        using CookieJar jar = new(time);
        string cookie = jar.Create(Subject with { Context = "ctx-1", RemoteAddress = "2" });
        Assert.That(jar.Accepts(cookie, Subject with { Context = "ctx-", RemoteAddress = "12" }), Is.False);
    }

    [Test]
    public void A_cookie_outlives_its_minute_by_one_and_no_more()
    {
        using CookieJar jar = new(time);
        string cookie = jar.Create(Subject);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(jar.Accepts(cookie, Subject), Is.True);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(jar.Accepts(cookie, Subject), Is.False);
    }

    [Test]
    public void A_cookie_of_another_listener_is_refused()
    {
        using CookieJar jar = new(time);
        using CookieJar other = new(time);
        Assert.That(jar.Accepts(other.Create(Subject), Subject), Is.False);
    }

    [Test]
    public void Any_changed_character_is_refused()
    {
        using CookieJar jar = new(time);
        string cookie = jar.Create(Subject);
        for (int i = 0; i < cookie.Length - 1; i++)
        {
            char[] changed = cookie.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.That(jar.Accepts(new string(changed), Subject), Is.False, $"character {i}");
        }
    }

    [TestCase("")]
    [TestCase("A")]
    [TestCase("                                           ")]
    [TestCase("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9")]
    public void Text_that_is_no_cookie_is_refused(string cookie)
    {
        using CookieJar jar = new(time);
        Assert.That(jar.Accepts(cookie, Subject), Is.False);
    }
}
