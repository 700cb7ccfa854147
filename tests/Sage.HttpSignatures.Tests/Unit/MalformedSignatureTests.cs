namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Fields that are not what RFC 9421 §4 says, and parameters that are not what §2.3 says.</summary>
[TestFixture]
internal sealed class MalformedSignatureTests
{
    private const string Covered = "(\"@method\" \"@target-uri\" \"@authority\")";

    private static readonly string Nine = string.Join(", ", Enumerable.Range(0, 9).Select(i => $"s{i}={Covered}{Bench.Good}"));

    private static readonly string Many = string.Join(", ", Enumerable.Range(0, 65).Select(i => $"s{i}=()"));

    [TestCase("sig1", SignatureError.MalformedSignatureInput, TestName = "A label without a value")]
    [TestCase("sig1=", SignatureError.MalformedSignatureInput, TestName = "A label with an equals sign and nothing")]
    [TestCase("sig1=(", SignatureError.MalformedSignatureInput, TestName = "An inner list that does not end")]
    [TestCase("sig1=(\"@method\"", SignatureError.MalformedSignatureInput, TestName = "An inner list that does not end behind an item")]
    [TestCase("(\"@method\");created=1", SignatureError.MalformedSignatureInput, TestName = "A list instead of a dictionary")]
    [TestCase("\"@method\"", SignatureError.MalformedSignatureInput, TestName = "An item instead of a dictionary")]
    [TestCase("sig1=\"@method\";created=1", SignatureError.MalformedSignatureInput, TestName = "An item instead of an inner list")]
    [TestCase("sig1=?1", SignatureError.MalformedSignatureInput, TestName = "A boolean instead of an inner list")]
    [TestCase("Sig1=()", SignatureError.MalformedSignatureInput, TestName = "A label in upper case")]
    [TestCase("sig1=(),", SignatureError.MalformedSignatureInput, TestName = "A comma at the end")]
    [TestCase("sig1=()\u00e9", SignatureError.MalformedSignatureInput, TestName = "A character outside ASCII")]
    [TestCase("sig1=(\"@method\"\"@path\")", SignatureError.MalformedSignatureInput, TestName = "Items without a space between")]
    [TestCase("sig1=(), sig1=()", SignatureError.DuplicateLabel, TestName = "A label twice")]
    [TestCase("sig1=();created=1;created=1800000000", SignatureError.InvalidParameter, TestName = "A parameter twice")]
    [TestCase("sig1=(\"a\";req;req)", SignatureError.InvalidParameter, TestName = "A parameter of a component twice")]
    [TestCase("sig1=();created=\"1800000000\"", SignatureError.InvalidParameter, TestName = "created as a string")]
    [TestCase("sig1=();created=1800000000.0", SignatureError.InvalidParameter, TestName = "created as a decimal")]
    [TestCase("sig1=();created=@1800000000", SignatureError.InvalidParameter, TestName = "created as a date")]
    [TestCase("sig1=();created", SignatureError.InvalidParameter, TestName = "created as a flag")]
    [TestCase("sig1=();created=-1", SignatureError.InvalidParameter, TestName = "created before 1970")]
    [TestCase("sig1=();created=999999999999999", SignatureError.InvalidParameter, TestName = "created beyond every calendar")]
    [TestCase("sig1=();created=100000000000", SignatureError.InvalidParameter, TestName = "created one second too far")]
    [TestCase("sig1=();created=9999999999999999", SignatureError.MalformedSignatureInput, TestName = "created with sixteen digits")]
    [TestCase("sig1=();expires=\"1\"", SignatureError.InvalidParameter, TestName = "expires as a string")]
    [TestCase("sig1=();expires=999999999999999", SignatureError.InvalidParameter, TestName = "expires beyond every calendar")]
    [TestCase("sig1=();expires=-999999999999999", SignatureError.InvalidParameter, TestName = "expires before every calendar")]
    [TestCase("sig1=();nonce=1", SignatureError.InvalidParameter, TestName = "nonce as a number")]
    [TestCase("sig1=();nonce=token", SignatureError.InvalidParameter, TestName = "nonce as a token")]
    [TestCase("sig1=();keyid=:YQ==:", SignatureError.InvalidParameter, TestName = "keyid as bytes")]
    [TestCase("sig1=();alg=ed25519", SignatureError.InvalidParameter, TestName = "alg as a token")]
    [TestCase("sig1=();tag", SignatureError.InvalidParameter, TestName = "tag as a flag")]
    [TestCase("sig1=();tag=%\"x\"", SignatureError.InvalidParameter, TestName = "tag as a display string")]
    [TestCase("other=()", SignatureError.SignatureMissing, TestName = "A label that Signature does not have")]
    [TestCase("", SignatureError.SignatureNotFound, TestName = "Nothing")]
    public async Task An_input_that_is_wrong_is_refused(string input, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("Signature-Input", input).Add("Signature", "sig1=:AAAA:");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(expected));
        Assert.That(bench.Keys.Calls, Is.Zero);
    }

    [TestCase("sig1=AAAA", SignatureError.MalformedSignature, TestName = "A signature as a token")]
    [TestCase("sig1=\"AAAA\"", SignatureError.MalformedSignature, TestName = "A signature as a string")]
    [TestCase("sig1=(:AAAA:)", SignatureError.MalformedSignature, TestName = "A signature as an inner list")]
    [TestCase("sig1=:AAA:", SignatureError.MalformedSignature, TestName = "Base64 without padding")]
    [TestCase("sig1=:AA B:", SignatureError.MalformedSignature, TestName = "Base64 with a space")]
    [TestCase("sig1=:AAB=:", SignatureError.MalformedSignature, TestName = "Base64 with bits left over")]
    [TestCase("sig1=:A-_A:", SignatureError.MalformedSignature, TestName = "Base64url")]
    [TestCase("sig1", SignatureError.MalformedSignature, TestName = "A signature that is a flag")]
    [TestCase(":AAAA:", SignatureError.MalformedSignature, TestName = "A signature without a label")]
    [TestCase("sig1=:AAAA:, sig1=:AAAB:", SignatureError.DuplicateLabel, TestName = "A signature twice")]
    [TestCase("sig2=:AAAA:", SignatureError.SignatureMissing, TestName = "A signature under another label")]
    [TestCase("", SignatureError.SignatureMissing, TestName = "No member")]
    [TestCase("sig1=::", SignatureError.BadSignature, TestName = "No bytes")]
    [TestCase("sig1=:AAAA:", SignatureError.BadSignature, TestName = "Three bytes")]
    public async Task A_signature_that_is_wrong_is_refused(string signature, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("Signature-Input", $"sig1={Covered}{Bench.Good}").Add("Signature", signature);

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_message_without_signatures_is_not_signed()
    {
        using Bench bench = new();

        Assert.That(await bench.ErrorAsync(TestMessage.Get()), Is.EqualTo(SignatureError.NotSigned));
        Assert.That(await bench.ErrorAsync(TestMessage.Get().Add("Signature-Input", $"sig1={Covered}{Bench.Good}")), Is.EqualTo(SignatureError.SignatureMissing));
        Assert.That(await bench.ErrorAsync(TestMessage.Get().Add("Signature", "sig1=:AAAA:")), Is.EqualTo(SignatureError.SignatureNotFound));
    }

    [Test]
    public async Task More_signatures_than_eight_are_refused_unread()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("Signature-Input", Nine).Add("Signature", "sig1=:AAAA:");
        TestMessage signatures = TestMessage.Get().Add("Signature-Input", $"s0={Covered}{Bench.Good}")
            .Add("Signature", string.Join(", ", Enumerable.Range(0, 9).Select(i => $"s{i}=:AAAA:")));
        TestMessage tooMany = TestMessage.Get().Add("Signature-Input", Many).Add("Signature", "s1=:AAAA:");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.TooManySignatures));
        Assert.That(await bench.ErrorAsync(signatures), Is.EqualTo(SignatureError.TooManySignatures));
        Assert.That(await bench.ErrorAsync(tooMany), Is.EqualTo(SignatureError.MalformedSignatureInput));
    }

    [Test]
    public async Task Everything_has_a_limit()
    {
        string components = string.Join(' ', Enumerable.Range(0, 65).Select(i => $"\"x-{i}\""));
        string parameters = string.Concat(Enumerable.Range(0, 33).Select(i => $";x{i}"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"({components}){Bench.Good}"), Is.EqualTo(SignatureError.MalformedSignatureInput), "65 components");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered}{parameters}"), Is.EqualTo(SignatureError.MalformedSignatureInput), "33 parameters");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered};keyid=\"{new string('k', 513)}\""), Is.EqualTo(SignatureError.InvalidParameter), "keyid");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered};nonce=\"{new string('n', 1025)}\""), Is.EqualTo(SignatureError.InvalidParameter), "nonce");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered};x=\"{new string('n', 2049)}\""), Is.EqualTo(SignatureError.MalformedSignatureInput), "string");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered};x{new string('n', 64)}"), Is.EqualTo(SignatureError.MalformedSignatureInput), "key");
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Covered}{new string(' ', 17000)}"), Is.EqualTo(SignatureError.MalformedSignatureInput), "field");
        }
    }

    [Test]
    public async Task The_greatest_of_everything_is_accepted()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        string components = string.Join(' ', Enumerable.Range(0, 61).Select(i => $"\"x-{i}\""));
        for (int i = 0; i < 61; i++)
        {
            message.Add($"X-{i}", "v");
        }

        string parameters = string.Concat(Enumerable.Range(0, 28).Select(i => $";x{i}=@999999999999999"));
        bench.Forge(message, $"(\"@method\" \"@target-uri\" \"@authority\" {components}){Bench.Good}{parameters}");

        SignatureVerificationResult result = await bench.VerifyAsync(message);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That(result.Signature!.Components, Has.Count.EqualTo(64));
    }

    [Test]
    public async Task A_signature_longer_than_any_algorithm_makes_is_bad()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("Signature-Input", $"sig1={Covered}{Bench.Good}").Add("Signature", $"sig1=:{Convert.ToBase64String(new byte[1025])}:");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task Lines_of_the_fields_are_read_as_one()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());
        message.Fields.Insert(0, ("Signature-Input", "other=()"));
        message.Fields.Insert(1, ("Signature", "other=:AAAA:"));

        Assert.That((await bench.VerifyAsync(message)).Signature?.Label, Is.EqualTo("sig1"));
    }
}
