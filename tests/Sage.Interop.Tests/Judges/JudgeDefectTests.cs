using System.Text.Json.Nodes;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>
/// Where the others do not do what RFC 9421 says: we refuse what they make of it, and they refuse what is right. A case that
/// no longer holds means that the library was mended and the case belongs into <see cref="JudgeCases"/>.
/// </summary>
[NonParallelizable]
internal sealed class JudgeDefectTests
{
    private static readonly JudgedMessage Get = new() { Authority = "example.com", Target = "/orders" };
    private static readonly JudgedMessage Answer = new() { Status = 200, Request = Get.With("Content-Type", "text/plain") };

    private JudgeKey key = null!;
    private Judge judge = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        judge = await Judge.StartAsync();
        key = new JudgeKey(KeyAlgorithm.Ed25519);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        judge?.Dispose();
        key?.Dispose();
    }

    private static IEnumerable<TestCaseData> Differences()
    {
        const string Dhensby = JudgeCases.HttpMessageSignatures;
        const string BotAuth = JudgeCases.WebBotAuth;
        return
        [
            Case("a method is written in upper case (§2.2.1)", Dhensby, Get with { Method = "get" }, "\"@method\""),
            Case("dot segments are taken out of the path (§2.2.6)", Dhensby, Get with { Target = "/a/../b" }, "\"@path\""),
            Case("escapes that need none stay, but what needs one gets it (§2.2.6)", Dhensby, Get with { Target = "/a\"b" }, "\"@path\""),
            Case("a question mark without a query is lost (§2.2.5)", Dhensby, Get with { Target = "/orders?" }, "\"@request-target\""),
            Case("a query parameter is encoded as JavaScript does, not as a form (§2.2.8)", Dhensby, Get with { Target = "/?a=x!y" }, "\"@query-param\";name=\"a\""),
            Case("a decimal loses its fraction (RFC 9651 §4.1.5)", Dhensby, Get.With("X-Item", "1.0"), "\"x-item\";sf"),
            Case("a method is written in upper case (§2.2.1)", BotAuth, Get with { Method = "get" }, "\"@method\""),
            Case("dot segments are taken out of the path (§2.2.6)", BotAuth, Get with { Target = "/a/../b" }, "\"@path\""),
            Case("a question mark without a query is lost (§2.2.5)", BotAuth, Get with { Target = "/orders?" }, "\"@request-target\""),
            Case("escapes that need none stay, but what needs one gets it (§2.2.6)", BotAuth, Get with { Target = "/a\"b" }, "\"@path\""),
            Case("a query that is not there is no question mark (§2.2.7)", BotAuth, Get, "\"@query\""),
            Case("port 80 is taken for the default port of https (§2.2.3)", BotAuth, Get with { Authority = "example.com:80" }, "\"@authority\""),
            Case("white space within a field is made one space (§2.1)", BotAuth, Get.With("X-Plain", "a  b"), "\"x-plain\""),
            Case("white space around a field is not taken away (§2.1)", BotAuth, Get.With("X-Plain", " a "), "\"x-plain\""),
            Case("sf is ignored (§2.1.1)", BotAuth, Get.With("X-Dict", "a=1,b=2"), "\"x-dict\";sf"),
            Case("key is ignored (§2.1.2)", BotAuth, Get.With("X-Dict", "a=1, b=2"), "\"x-dict\";key=\"a\""),
            Case("bs is ignored (§2.1.3)", BotAuth, Get.With("X-Plain", "a"), "\"x-plain\";bs"),
        ];
    }

    [TestCaseSource(nameof(Differences))]
    public async Task They_build_another_base_than_the_RFC_so_neither_takes_the_signature_of_the_other(string library, JudgedMessage message, string component)
    {
        JudgeCase item = Make(library, message, component);
        Assert.That(await OursAsync(item, await TheirSignatureAsync(item)), Is.EqualTo(SignatureError.BadSignature));

        SignatureFields fields = await new HttpMessageSigner(key.Signer, key.Public.Thumbprint, item.Policy(key.Public.Algorithm))
            .SignAsync(message.ToContext(), new SigningOverrides { Nonce = item.Nonce });
        SignatureText ours = new(fields.SignatureInput, fields.Signature);
        Assert.That(await OursAsync(item, ours), Is.EqualTo(SignatureError.None));
        Assert.That(await TheirsAsync(item, message.With(ours)), Does.Contain("not valid").Or.Contain("invalid signature"));
    }

    private static IEnumerable<TestCaseData> Unsignable()
    {
        const string Dhensby = JudgeCases.HttpMessageSignatures;
        const string BotAuth = JudgeCases.WebBotAuth;
        return
        [
            Case("a query parameter that is there twice (§2.2.8)", Dhensby, SignatureError.AmbiguousQueryParam, Get with { Target = "/?a=1&a=2" }, "\"@query-param\";name=\"a\""),
            Case("a component twice (§2.5)", Dhensby, SignatureError.DuplicateComponent, Get, "\"@method\"", "\"@method\""),
            Case("a trailer that is none (§2.1.4)", Dhensby, SignatureError.ComponentMissing, Get.With("X-Plain", "a"), "\"x-plain\";tr"),
            Case("an unknown parameter of a component (§2.5)", Dhensby, SignatureError.InvalidComponentParameter, Get.With("X-Plain", "a"), "\"x-plain\";zz"),
            Case("a field that is not there (§2.1)", BotAuth, SignatureError.ComponentMissing, Get, "\"x-plain\""),
            Case("a component twice (§2.5)", BotAuth, SignatureError.DuplicateComponent, Get, "\"@method\"", "\"@method\""),
            Case("an unknown parameter of a component (§2.5)", BotAuth, SignatureError.InvalidComponentParameter, Get.With("X-Plain", "a"), "\"x-plain\";zz"),
        ];
    }

    [TestCaseSource(nameof(Unsignable))]
    public async Task They_sign_and_accept_what_the_RFC_forbids_and_we_refuse_it(string library, SignatureError expected, JudgedMessage message, string[] components)
    {
        JudgeCase item = Make(library, message);
        SignatureText signature = await TheirSignatureAsync(item, components);
        Assert.That(await TheirsAsync(item, message.With(signature)), Is.Null);
        Assert.That(await OursAsync(item with { Components = [] }, signature), Is.EqualTo(expected));
    }

    [Test]
    public async Task They_take_the_longest_salt_for_RSASSA_PSS_instead_of_64_bytes_and_we_refuse_it()
    {
        using JudgeKey rsa = new(KeyAlgorithm.RsaPssSha512);
        JudgeCase item = Make(JudgeCases.HttpMessageSignatures, Get, "\"@method\"") with { Algorithm = "rsa-pss-sha512" };
        (SignatureText? signature, string? reason) = await judge.SignAsync(item.Sign(rsa.PrivateJwk, rsa.Public.Thumbprint, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        Assert.That(signature, Is.Not.Null, reason);
        Assert.That(await judge.VerifyAsync(item.Verify(Get.With(signature!), rsa.PublicJwk)), Is.Null);
        HttpMessageVerifier verifier = new(new OneKey(rsa.Public.Thumbprint, rsa.Public));
        Assert.That((await verifier.VerifyAsync(Get.With(signature!).ToContext(), item.Policy(rsa.Public.Algorithm))).Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task They_take_a_dictionary_of_flags_for_a_list_and_so_refuse_a_member_of_it()
    {
        JudgedMessage message = Get.With("X-Dict", "a, b");
        JudgeCase item = Make(JudgeCases.HttpMessageSignatures, message, "\"x-dict\";key=\"a\"");
        SignatureFields fields = await new HttpMessageSigner(key.Signer, key.Public.Thumbprint, item.Policy(key.Public.Algorithm)).SignAsync(message.ToContext());
        SignatureText ours = new(fields.SignatureInput, fields.Signature);
        Assert.That(await OursAsync(item, ours), Is.EqualTo(SignatureError.None));
        Assert.That(await TheirsAsync(item, message.With(ours)), Does.Contain("Unable to parse header as dictionary"));
    }

    [Test]
    public async Task They_take_a_component_of_the_request_for_the_one_of_the_response_that_is_required()
    {
        JudgeCase item = Make(JudgeCases.HttpMessageSignatures, Answer, "\"content-type\";req");
        SignatureText signature = await TheirSignatureAsync(item);
        JsonObject question = item.Verify(Answer.With(signature), key.PublicJwk);
        question["required"] = new JsonArray("content-type");
        Assert.That(await judge.VerifyAsync(question), Is.Null);
        Assert.That(await OursAsync(item with { Components = [SignatureComponent.Field("content-type")] }, signature), Is.EqualTo(SignatureError.ComponentNotCovered));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Of_several_signatures_they_count_the_last_alone_and_we_count_what_the_policy_says(bool isLastValid)
    {
        JudgeCase item = Make(JudgeCases.HttpMessageSignatures, Get, "\"@method\"");
        JudgedMessage signed = Get;
        foreach (string label in (string[])["first", "last"])
        {
            HttpMessageSigner signer = new(key.Signer, key.Public.Thumbprint, item.Policy(key.Public.Algorithm) with { Label = label });
            SignatureFields fields = await signer.SignAsync(Get.ToContext());
            bool isValid = label == "last" == isLastValid;
            signed = signed.With(new SignatureText(fields.SignatureInput, isValid ? fields.Signature : $"{label}=:{Convert.ToBase64String(new byte[64])}:"));
        }

        JsonObject question = item.Verify(signed, key.PublicJwk);
        question["all"] = true;
        Assert.That(await judge.VerifyAsync(question), isLastValid ? Is.Null : Is.EqualTo("not valid"));

        SignaturePolicy policy = item.Policy(key.Public.Algorithm) with { Label = null };
        HttpMessageVerifier verifier = new(new OneKey(key.Public.Thumbprint, key.Public));
        SignatureVerificationResult all = await verifier.VerifyAsync(signed.ToContext(), policy with { Match = SignatureMatch.All });
        SignatureVerificationResult any = await verifier.VerifyAsync(signed.ToContext(), policy);
        Assert.That(all.Error, Is.EqualTo(SignatureError.BadSignature));
        Assert.That(any.Signature?.Label, Is.EqualTo(isLastValid ? "last" : "first"));
    }

    [Test]
    public async Task They_refuse_a_message_with_two_signatures_for_Web_Bot_Auth()
    {
        JudgeCase item = Make(JudgeCases.WebBotAuth, Get, "\"@authority\"");
        SignatureText first = await TheirSignatureAsync(item);
        SignatureText second = await TheirSignatureAsync(item with { Label = "sig2" });
        Assert.That(await OursAsync(item, first), Is.EqualTo(SignatureError.None));
        Assert.That(await TheirsAsync(item, Get.With(first).With(second)), Does.Contain("Multiple signatures is not supported"));
    }

    private static TestCaseData Case(string name, string library, JudgedMessage message, string component) =>
        new TestCaseData(library, message, component).SetArgDisplayNames(library, name);

    private static TestCaseData Case(string name, string library, SignatureError expected, JudgedMessage message, params string[] components) =>
        new TestCaseData(library, expected, message, components).SetArgDisplayNames(library, name);

    private static JudgeCase Make(string library, JudgedMessage message, params string[] components) => new(library, "ed25519", 0)
    {
        Message = message,
        Components = [.. components.Select(SignatureComponent.Parse)],
        KeyId = "",
        HasExpires = true,
        Nonce = Convert.ToBase64String(new byte[64]),
        Tag = "web-bot-auth",
        SaysAlgorithm = true,
    };

    private async Task<SignatureText> TheirSignatureAsync(JudgeCase item, string[]? components = null)
    {
        JsonObject question = item.Sign(key.PrivateJwk, key.Public.Thumbprint, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        if (components is not null)
        {
            question["components"] = new JsonArray([.. components.Select(component => (JsonNode)component)]);
        }

        (SignatureText? signature, string? reason) = await judge.SignAsync(question);
        Assert.That(signature, Is.Not.Null, reason);
        return signature!;
    }

    private async Task<string?> TheirsAsync(JudgeCase item, JudgedMessage signed)
    {
        JsonObject question = item.Verify(signed, key.PublicJwk);
        question["keys"] = new JsonArray(key.PublicJwk);
        return await judge.VerifyAsync(question);
    }

    private async Task<SignatureError> OursAsync(JudgeCase item, SignatureText signature)
    {
        HttpMessageVerifier verifier = new(new OneKey(key.Public.Thumbprint, key.Public));
        return (await verifier.VerifyAsync(item.Message.With(signature).ToContext(), item.Policy(key.Public.Algorithm))).Error;
    }
}
