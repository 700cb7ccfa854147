using System.Text;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>The body and the digest that protects it.</summary>
[TestFixture]
internal sealed class BodyDigestTests
{
    private const string Usual = "\"@method\" \"@target-uri\" \"@authority\" \"content-type\"";
    private const string Full = Usual + " \"content-digest\"";
    private const string Right = "sha-256=:k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=:";

    private static readonly byte[] Body = """{"hello":"world"}"""u8.ToArray();
    private static readonly string Sha256 = ContentDigest.Compute(Body);
    private static readonly string Sha512 = ContentDigest.Compute(Body, DigestAlgorithm.Sha512);
    private static readonly string Wrong256 = ContentDigest.Compute("x"u8);
    private static readonly string Wrong512 = ContentDigest.Compute("x"u8, DigestAlgorithm.Sha512);

    private static IEnumerable<TestCaseData> Fields()
    {
        yield return new TestCaseData(Sha256, SignatureError.None).SetArgDisplayNames("sha-256");
        yield return new TestCaseData(Sha512, SignatureError.None).SetArgDisplayNames("sha-512");
        yield return new TestCaseData($"{Sha256}, {Sha512}", SignatureError.None).SetArgDisplayNames("both");
        yield return new TestCaseData($"md5=:AAAA:, {Sha256}", SignatureError.None).SetArgDisplayNames("md5 is ignored");
        yield return new TestCaseData($"md5=token, {Sha256}", SignatureError.None).SetArgDisplayNames("md5 is ignored whatever it is");
        yield return new TestCaseData(Wrong256, SignatureError.DigestMismatch).SetArgDisplayNames("sha-256 of another body");
        yield return new TestCaseData(Wrong512, SignatureError.DigestMismatch).SetArgDisplayNames("sha-512 of another body");
        yield return new TestCaseData($"{Sha256}, {Wrong512}", SignatureError.DigestMismatch).SetArgDisplayNames("two, the second wrong");
        yield return new TestCaseData($"{Wrong256}, {Sha512}", SignatureError.DigestMismatch).SetArgDisplayNames("two, the first wrong");
        yield return new TestCaseData("md5=:XrY7u+Ae7tCTyyK7j1rNww==:", SignatureError.DigestNotSupported).SetArgDisplayNames("md5 alone");
        yield return new TestCaseData("sha=:AAAA:, unixsum=1", SignatureError.DigestNotSupported).SetArgDisplayNames("deprecated ones");
        yield return new TestCaseData("SHA-256=:AAAA:", SignatureError.MalformedDigest).SetArgDisplayNames("upper case");
        yield return new TestCaseData("", SignatureError.DigestNotSupported).SetArgDisplayNames("an empty field");
        yield return new TestCaseData("sha-256", SignatureError.MalformedDigest).SetArgDisplayNames("a flag");
        yield return new TestCaseData("sha-256=abc", SignatureError.MalformedDigest).SetArgDisplayNames("a token");
        yield return new TestCaseData("sha-256=:AAA:", SignatureError.MalformedDigest).SetArgDisplayNames("bad base64");
        yield return new TestCaseData("sha-256=::", SignatureError.DigestMismatch).SetArgDisplayNames("no bytes");
        yield return new TestCaseData($"{Sha256[..^3]}AA==:", SignatureError.MalformedDigest).SetArgDisplayNames("base64 that goes on");
        yield return new TestCaseData($"{Wrong256}, {Sha256}", SignatureError.MalformedDigest).SetArgDisplayNames("one twice");
        yield return new TestCaseData("sha-256=:" + Convert.ToBase64String(new byte[65]) + ":", SignatureError.MalformedDigest).SetArgDisplayNames("too many bytes");
    }

    [TestCaseSource(nameof(Fields))]
    public async Task The_field_is_compared_with_the_body(string field, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Json().Set("Content-Digest", field), $"({Full}){Bench.Good}");

        Assert.That(ContentDigest.Verify(field, Body), Is.EqualTo(expected));
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(expected));
    }

    [Test]
    public void The_digest_of_RFC_9530_is_computed()
    {
        // RFC 9530 appendix B.1: {"hello": "world"} and a line feed.
        Assert.That(ContentDigest.Compute("{\"hello\": \"world\"}\n"u8), Is.EqualTo("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"));
        Assert.That(Sha256, Is.EqualTo(Right));
        Assert.That(ContentDigest.Compute(Body, DigestAlgorithm.Sha512, DigestAlgorithm.Sha256), Is.EqualTo($"{Sha512}, {Sha256}"));
        Assert.That(() => ContentDigest.Compute(Body, DigestAlgorithm.Sha256, DigestAlgorithm.Sha256), Throws.ArgumentException);
        Assert.That(() => ContentDigest.Compute(Body, (DigestAlgorithm)7), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(ContentDigest.Verify(default, Body), Is.EqualTo(SignatureError.MalformedDigest));
    }

    [Test]
    public async Task A_changed_body_is_refused_and_burns_no_nonce()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Json());
        byte[] body = message.Body;
        message.Body = Encoding.UTF8.GetBytes("""{"hello":"World"}""");
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.DigestMismatch));
        message.Body = [];
        message.Presence = BodyPresence.None;
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.DigestMismatch), "an empty body is another one too");
        message.Body = body;
        message.Presence = null;
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task The_body_is_read_only_for_a_valid_signature()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Json());
        string signature = message.Value("Signature");
        Assert.That(await bench.ErrorAsync(message.Set("Signature", $"sig1=:{Convert.ToBase64String(new byte[64])}:")), Is.EqualTo(SignatureError.BadSignature));
        Assert.That(message.BodyReads, Is.Zero);
        Assert.That(await bench.ErrorAsync(message.Set("Signature", signature)), Is.EqualTo(SignatureError.None));
        Assert.That(message.BodyReads, Is.EqualTo(1));
    }

    [TestCase(17, SignatureError.None)]
    [TestCase(16, SignatureError.BodyTooLarge)]
    [TestCase(0, SignatureError.BodyTooLarge)]
    public async Task A_body_has_a_limit(int limit, SignatureError expected)
    {
        using Bench bench = new();

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Json()), SignaturePolicy.Default with { MaxBodySize = limit }), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_body_of_unknown_length_needs_a_digest_if_it_has_a_byte()
    {
        using Bench bench = new();
        TestMessage none = new() { Presence = BodyPresence.Unknown };
        TestMessage some = new() { Presence = BodyPresence.Unknown, Body = [1] };
        TestMessage covered = TestMessage.Json();
        covered.Presence = BodyPresence.Unknown;
        TestMessage large = new() { Presence = BodyPresence.Unknown, Body = new byte[2_000_000] };
        const string Input = "(\"@method\" \"@target-uri\" \"@authority\");created=1800000000;expires=1800000060;keyid=\"" + Bench.KeyId + "\";nonce=";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await bench.ErrorAsync(bench.Forge(none, Input + "\"1\"")), Is.EqualTo(SignatureError.None));
            Assert.That(await bench.ErrorAsync(bench.Forge(some, Input + "\"2\"")), Is.EqualTo(SignatureError.DigestNotCovered));
            Assert.That(await bench.ErrorAsync(bench.Forge(large, Input + "\"3\"")), Is.EqualTo(SignatureError.DigestNotCovered));
            Assert.That(await bench.ErrorAsync(bench.Forge(covered, $"({Full}){Bench.Good}")), Is.EqualTo(SignatureError.None));
        }
    }

    [Test]
    public async Task A_digest_in_the_trailers_does_not_vouch_for_one_in_the_headers()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Json();
        message.Presence = BodyPresence.Unknown;
        message.Trailers.Add(("Content-Digest", Sha256));
        bench.Forge(message, $"({Usual} \"content-digest\";tr){Bench.Good}");
        message.Body = Encoding.UTF8.GetBytes("another body");
        message.Set("Content-Digest", ContentDigest.Compute(message.Body));

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.DigestNotCovered));
    }

    [Test]
    public async Task A_covered_digest_that_is_not_understood_does_not_vouch_for_one_beside_it()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Json().Set("Content-Digest", "md5=:XrY7u+Ae7tCTyyK7j1rNww==:");
        message.Presence = BodyPresence.Unknown;
        bench.Forge(message, $"({Usual} \"content-digest\";key=\"md5\"){Bench.Good}");
        message.Body = Encoding.UTF8.GetBytes("another body");
        message.Set("Content-Digest", $"md5=:XrY7u+Ae7tCTyyK7j1rNww==:, {ContentDigest.Compute(message.Body)}");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.DigestNotCovered));
    }

    [Test]
    public async Task Without_the_rule_an_uncovered_body_is_not_read()
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Json(), $"({Usual}){Bench.Good}");

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { RequireContentDigest = false }), Is.EqualTo(SignatureError.None));
        Assert.That(message.BodyReads, Is.Zero);
    }

    [Test]
    public void A_message_that_may_have_a_body_needs_a_way_to_read_it() =>
        Assert.That(
            () => SignatureContext.ForRequest("POST", "https", "a", "/", _ => default, BodyPresence.Unknown),
            Throws.ArgumentNullException);
}
