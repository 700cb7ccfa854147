using System.Text;
using Microsoft.Extensions.Primitives;

namespace Sage.HttpSignatures.Tests.Unit;

public sealed class AcceptSignatureTests
{
    [Test]
    public void The_example_of_the_RFC_is_read()
    {
        const string Text = "sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-digest\" \"cache-control\");keyid=\"test-key-rsa-pss\";created;tag=\"app-123\"";

        Assert.That(AcceptSignature.TryParse(Text, out IReadOnlyList<AcceptSignature>? wanted), Is.True);
        AcceptSignature only = wanted!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(only.Label, Is.EqualTo("sig1"));
            Assert.That(only.Components.Select(component => component.Name), Is.EqualTo(new[] { "@method", "@target-uri", "@authority", "content-digest", "cache-control" }));
            Assert.That(only.KeyId, Is.EqualTo("test-key-rsa-pss"));
            Assert.That(only.Tag, Is.EqualTo("app-123"));
            Assert.That(only.Created, Is.True);
            Assert.That(only.Expires, Is.False);
            Assert.That(only.Nonce, Is.Null);
            Assert.That(only.Algorithm, Is.Null);
        });
    }

    [Test]
    public void What_is_written_reads_the_same()
    {
        _ = AcceptSignature.TryParse("a=(\"@method\" \"x-one\";bs);created;expires;nonce=\"n\\\"1\";alg=\"ed25519\";keyid=\"k\";tag=\"t\"", out IReadOnlyList<AcceptSignature>? wanted);

        string text = wanted!.Single().ToString();

        Assert.That(text, Is.EqualTo("a=(\"@method\" \"x-one\";bs);created;expires;nonce=\"n\\\"1\";alg=\"ed25519\";keyid=\"k\";tag=\"t\""));
    }

    [Test]
    public void The_default_policy_asks_for_what_it_requires_of_every_request()
    {
        Assert.That(
            AcceptSignature.FromPolicy(SignaturePolicy.Default).ToString(),
            Is.EqualTo("sig1=(\"@method\" \"@target-uri\" \"@authority\");created;expires"));
    }

    [Test]
    public void A_request_with_a_body_is_asked_for_its_type_and_digest()
    {
        SignatureContext request = SignatureContext.ForRequest(
            "POST", "https", "example.com", "/", name => name == "content-type" ? "text/plain" : StringValues.Empty, BodyPresence.Unknown, (_, _) => new(Encoding.UTF8.GetBytes("x")));

        Assert.That(
            AcceptSignature.FromPolicy(SignaturePolicy.Default, request).ToString(),
            Is.EqualTo("sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\");created;expires"));
    }

    [TestCase("sig1=\"no inner list\"")]
    [TestCase("sig1=(\"@method\" \"@method\")")]
    [TestCase("sig1=(\"@unknown\")")]
    [TestCase("sig1=(\"@method\");created=1")]
    [TestCase("sig1=(\"@method\");nonce=token")]
    [TestCase("sig1=(\"@method\");nonce=\"a\";nonce=\"b\"")]
    [TestCase("sig1=(\"@method\"), sig1=(\"@path\")")]
    [TestCase("a=(), b=(), c=(), d=(), e=(), f=(), g=(), h=(), i=()")]
    [TestCase("not a dictionary !")]
    public void What_the_RFC_does_not_define_is_not_read(string text)
    {
        Assert.That(AcceptSignature.TryParse(text, out _), Is.False);
    }

    [Test]
    public void An_absent_field_asks_for_nothing()
    {
        Assert.That(AcceptSignature.TryParse(StringValues.Empty, out IReadOnlyList<AcceptSignature>? wanted), Is.True);
        Assert.That(wanted, Is.Empty);
    }
}
