namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class AgentDidTests
{
    [TestCase("did:sage:ethereum:0xabc", "sage", "ethereum:0xabc")]
    [TestCase("did:key:z6Mk", "key", "z6Mk")]
    [TestCase("did:web:example.com%3A3000:user", "web", "example.com%3A3000:user")]
    [TestCase("did:a1::x", "a1", ":x")]
    [TestCase("did:sage:eth:a~b", "sage", "eth:a~b")]
    public void A_valid_DID_is_kept_as_it_is(string text, string method, string identifier)
    {
        AgentDid did = AgentDid.Parse(text);
        Assert.That((did.Value, did.ToString(), did.Method, did.MethodSpecificId), Is.EqualTo((text, text, method, identifier)));
    }

    [TestCase("")]
    [TestCase("did")]
    [TestCase("did:")]
    [TestCase("did:sage")]
    [TestCase("did:sage:")]
    [TestCase("did::x")]
    [TestCase("did:Sage:x")]
    [TestCase("DID:sage:x")]
    [TestCase(" did:sage:x")]
    [TestCase("did:sage:x ")]
    [TestCase("did:sage:x:")]
    [TestCase("did:sage:a|b")]
    [TestCase("did:sage:a#key-1")]
    [TestCase("did:sage:a?x")]
    [TestCase("did:sage:a/b")]
    [TestCase("did:sage:a\"b")]
    [TestCase("did:sage:a\nb")]
    [TestCase("did:sage:é")]
    [TestCase("did:sage:%")]
    [TestCase("did:sage:%4")]
    [TestCase("did:sage:%4g")]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(AgentDid.TryParse(text, out AgentDid did), Is.False);
        Assert.That(did, Is.EqualTo(default(AgentDid)));
        Assert.That(() => AgentDid.Parse(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void The_longest_has_256_characters()
    {
        string longest = "did:sage:" + new string('x', 247);
        Assert.That((AgentDid.TryParse(longest, out _), AgentDid.TryParse(longest + "x", out _)), Is.EqualTo((true, false)));
    }

    [Test]
    public void DIDs_are_compared_byte_by_byte()
    {
        Assert.That(AgentDid.Parse("did:sage:eth:0xAB"), Is.Not.EqualTo(AgentDid.Parse("did:sage:eth:0xab")));
        Assert.That(AgentDid.Parse("did:sage:eth:0xab"), Is.Not.EqualTo(AgentDid.Parse("did:sage:ethereum:0xab")));
        Assert.That(AgentDid.TryParse("did:sage:eth:0xab".AsSpan(), null, out AgentDid again));
        Assert.That(again, Is.EqualTo(AgentDid.Parse("did:sage:eth:0xab")));
    }

    [Test]
    public void The_default_value_names_nobody()
    {
        AgentDid none = default;
        Assert.That(none.ToString(), Is.Empty);
        Assert.That(() => none.Value, Throws.InvalidOperationException);
        Assert.That(() => none.Method, Throws.InvalidOperationException);
    }

    [Test]
    public void Null_is_no_DID()
    {
        Assert.That(AgentDid.TryParse(null, out _), Is.False);
        Assert.That(() => AgentDid.Parse(null!), Throws.ArgumentNullException);
    }

    [TestCase("did:sage:eth:a", null)]
    [TestCase("did:sage:eth:a#key-1", "key-1")]
    public void A_DID_URL_is_a_DID_and_a_fragment(string text, string? fragment)
    {
        DidUrl url = DidUrl.Parse(text);
        Assert.That((url.Did.Value, url.Fragment, url.ToString()), Is.EqualTo(("did:sage:eth:a", fragment, text)));
    }

    [TestCase("")]
    [TestCase("#key-1")]
    [TestCase("did:sage:eth:a#")]
    [TestCase("did:sage:eth:a#b#c")]
    [TestCase("did:sage:eth:a#b c")]
    [TestCase("did:sage:eth:a/path")]
    [TestCase("did:sage:eth:a?q=1#key-1")]
    public void Other_DID_URLs_are_refused(string text) => Assert.That(DidUrl.TryParse(text, out _), Is.False);
}
