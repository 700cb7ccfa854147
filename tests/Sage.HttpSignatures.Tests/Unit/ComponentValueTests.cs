using System.Text;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Values at the edge of what RFC 9421 §2 says.</summary>
[TestFixture]
internal sealed class ComponentValueTests
{
    [TestCase("http://api.example.com", SignatureError.None)]
    [TestCase("https://API.example.com:443", SignatureError.None)]
    [TestCase("https://other.example", SignatureError.InvalidComponentValue)]
    [TestCase("https://api.example.com.other.example", SignatureError.InvalidComponentValue)]
    [TestCase("https://api.example.com@other.example", SignatureError.InvalidComponentValue)]
    public async Task An_absolute_target_names_the_authority_that_is_compared(string origin, SignatureError expected)
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequestComponents = [SignatureComponent.TargetUri], Audiences = ["api.example.com"] };
        TestMessage message = new() { Method = "GET", Target = $"{origin}/x" };
        (string? text, SignatureError error) = message.Base([SignatureComponent.TargetUri], $"(\"@target-uri\"){Bench.Good}");

        Assert.That(error, Is.EqualTo(expected));
        byte[] signature = bench.Key.Sign(Encoding.ASCII.GetBytes(text ?? ""));
        message.Add("Signature-Input", $"sig1=(\"@target-uri\"){Bench.Good}").Add("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(expected));
    }

    [TestCase(".other.example/x")]
    [TestCase("@other.example/x")]
    [TestCase("other.example:443")]
    [TestCase("")]
    public void A_target_that_is_no_path_is_not_put_behind_the_authority(string target) =>
        Assert.That(TestMessage.Get(target).ValueOf("\"@target-uri\""), Is.EqualTo("<InvalidComponentValue>"));

    [Test]
    public void A_fold_is_one_space_and_a_bare_carriage_return_is_none()
    {
        Assert.That(TestMessage.Get().Add("X", "a\r\n b\r\n\t c").ValueOf("\"x\""), Is.EqualTo("a b c"));
        Assert.That(TestMessage.Get().Add("X", "a\r\r\n b").ValueOf("\"x\""), Is.EqualTo("<InvalidComponentValue>"));
        Assert.That(TestMessage.Get().Add("X", "a\r\nb").ValueOf("\"x\""), Is.EqualTo("<InvalidComponentValue>"));
    }

    [Test]
    public async Task What_a_policy_wants_signed_besides_is_signed_where_the_message_has_it()
    {
        using Bench bench = new();
        SignatureComponent member = SignatureComponent.Field("dict").DictionaryMember("a");
        SignaturePolicy policy = SignaturePolicy.Default with { AlsoSigned = [SignatureComponent.Query, SignatureComponent.QueryParam("x"), SignatureComponent.QueryParam("z"), member] };
        TestMessage without = await bench.SignAsync(TestMessage.Get().Add("Dict", "b=1"), policy);
        TestMessage with = await bench.SignAsync(TestMessage.Get().Add("Dict", "a=1"), policy);

        Assert.That(with.Value("Signature-Input"), Does.StartWith("sig1=(\"@method\" \"@target-uri\" \"@authority\" \"@query\" \"@query-param\";name=\"x\" \"dict\";key=\"a\")"));
        Assert.That(without.Value("Signature-Input"), Does.StartWith("sig1=(\"@method\" \"@target-uri\" \"@authority\" \"@query\" \"@query-param\";name=\"x\")"));
        Assert.That(await bench.ErrorAsync(with, policy), Is.EqualTo(SignatureError.None));
    }
}
