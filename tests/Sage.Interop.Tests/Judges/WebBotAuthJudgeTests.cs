using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>Web Bot Auth between us and web-bot-auth, the keys taken from a directory on a real server.</summary>
[NonParallelizable]
internal sealed class WebBotAuthJudgeTests
{
    private JudgeKey key = null!;
    private JudgeKey other = null!;
    private AgentDirectory directory = null!;
    private Judge judge = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private string Agent => directory.Url.GetLeftPart(UriPartial.Authority);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        judge = await Judge.StartAsync();
        key = new JudgeKey(KeyAlgorithm.Ed25519);
        other = new JudgeKey(KeyAlgorithm.Ed25519);
        directory = await AgentDirectory.StartAsync(other.Public, key.Public);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        judge?.Dispose();
        key?.Dispose();
        other?.Dispose();
        if (directory is not null)
        {
            await directory.DisposeAsync();
        }
    }

    [Test]
    public async Task Both_name_a_key_by_the_same_thumbprint()
    {
        foreach (JudgeAlgorithm algorithm in JudgeAlgorithm.All)
        {
            using JudgeKey made = new(algorithm.Key);
            JsonObject answer = await judge.AskAsync(new JsonObject { ["op"] = "thumbprint", ["key"] = made.PublicJwk });
            Assert.That(answer["thumbprint"]?.GetValue<string>(), Is.EqualTo(made.Public.Thumbprint), algorithm.Name);
        }
    }

    [TestCase("")]
    [TestCase("""{"hello":"world"}""")]
    public async Task They_accept_what_we_sign_in_the_legacy_form_and_neither_takes_it_changed(string body)
    {
        JudgedMessage signed = await OurRequestAsync(SignatureAgentForm.Legacy, body);
        SignatureVerificationResult result = await OursAsync(signed);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That(result.Signature!.Subject, Does.StartWith(Agent));
        Assert.That(await TheirsAsync(signed), Is.Null);
        await NeitherTakesItChangedAsync(signed, result.Signature.Components);
    }

    [Test]
    public async Task They_ignore_key_and_so_refuse_the_form_of_the_current_draft()
    {
        JudgedMessage signed = await OurRequestAsync(SignatureAgentForm.Dictionary);
        Assert.That((await OursAsync(signed)).Error, Is.EqualTo(SignatureError.None));
        Assert.That(await TheirsAsync(signed), Does.Contain("invalid signature"));

        JudgedMessage message = Get().With("Signature-Agent", $"sig1=\"{Agent}\"");
        JudgedMessage theirs = message.With(await TheirSignatureAsync(message, "\"@authority\"", "\"signature-agent\";key=\"sig1\""));
        Assert.That((await OursAsync(theirs)).Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task We_accept_what_they_sign_by_default_and_neither_takes_it_changed()
    {
        JudgedMessage message = Get().With("Signature-Agent", $"\"{Agent}\"");
        JudgedMessage signed = message.With(await TheirSignatureAsync(message));
        SignatureVerificationResult result = await OursAsync(signed);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That(result.Signature!.KeyId, Is.EqualTo(key.Public.Thumbprint));
        Assert.That(result.Signature.Components, Is.EqualTo((SignatureComponent[])[SignatureComponent.Authority, SignatureComponent.Field("signature-agent")]));
        await NeitherTakesItChangedAsync(signed, result.Signature.Components);
    }

    [Test]
    public async Task We_accept_a_body_that_they_sign_by_its_digest_and_no_other_body()
    {
        const string Body = "what the bot has to say";
        JudgedMessage message = (Get() with { Method = "POST", Body = Body })
            .With(ContentDigest.FieldName, ContentDigest.Compute(Encoding.UTF8.GetBytes(Body)))
            .With("Signature-Agent", $"\"{Agent}\"");
        JudgedMessage signed = message.With(await TheirSignatureAsync(message, "\"@method\"", "\"@target-uri\"", "\"content-digest\"", "\"signature-agent\""));
        SignatureVerificationResult result = await OursAsync(signed);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That((await OursAsync(Tampering.Body(signed).Message)).Error, Is.EqualTo(SignatureError.DigestMismatch));
        await NeitherTakesItChangedAsync(signed, result.Signature!.Components);
    }

    [Test]
    public async Task They_accept_a_signature_that_names_no_directory_and_we_need_one()
    {
        JudgedMessage none = Get();
        none = none.With(await TheirSignatureAsync(none));
        Assert.That(await TheirsAsync(none), Is.Null);
        Assert.That((await OursAsync(none)).Error, Is.EqualTo(SignatureError.SignatureAgentMissing));

        JudgedMessage whole = Get().With("Signature-Agent", $"sig1=\"{Agent}\"");
        whole = whole.With(await TheirSignatureAsync(whole));
        Assert.That(await TheirsAsync(whole), Is.Null);
        Assert.That((await OursAsync(whole)).Error, Is.EqualTo(SignatureError.SignatureAgentMissing));
    }

    [Test]
    public async Task Neither_takes_a_key_that_is_not_in_the_directory()
    {
        using JudgeKey stranger = new(KeyAlgorithm.Ed25519);
        JudgedMessage message = Get().With("Signature-Agent", $"\"{Agent}\"");
        JsonObject question = Sign(message);
        question["key"] = stranger.PrivateJwk;
        (SignatureText? signature, string? reason) = await judge.SignAsync(question);
        Assert.That(signature, Is.Not.Null, reason);
        Assert.That((await OursAsync(message.With(signature!))).Error, Is.EqualTo(SignatureError.KeyNotFound));
        Assert.That(await TheirsAsync(message.With(signature!)), Does.Contain("unknown key"));
    }

    [TestCase(-3600, -60, SignatureError.Expired, "xpired")]
    [TestCase(3600, 7200, SignatureError.CreatedInFuture, "created in the future")]
    public async Task Neither_takes_a_signature_outside_of_its_time(int created, int expires, SignatureError expected, string reason)
    {
        JudgedMessage message = Get().With("Signature-Agent", $"\"{Agent}\"");
        JsonObject question = Sign(message);
        question["parameters"] = new JsonObject { ["created"] = Now + created, ["expires"] = Now + expires };
        JudgedMessage theirs = message.With((await judge.SignAsync(question)).Signature!);
        Assert.That((await OursAsync(theirs)).Error, Is.EqualTo(expected));
        Assert.That(await TheirsAsync(theirs), Does.Contain(reason));

        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow().AddSeconds(created));
        JudgedMessage ours = await OurRequestAsync(SignatureAgentForm.Legacy, clock: clock);
        Assert.That((await OursAsync(ours)).Error, Is.EqualTo(expected));
        Assert.That(await TheirsAsync(ours), Does.Contain(reason));
    }

    [Test]
    public async Task They_accept_a_lifetime_beyond_24_hours_and_we_keep_to_the_draft()
    {
        JudgedMessage message = Get().With("Signature-Agent", $"\"{Agent}\"");
        JsonObject question = Sign(message);
        question["parameters"] = new JsonObject { ["created"] = Now, ["expires"] = Now + (25 * 3600) };
        JudgedMessage signed = message.With((await judge.SignAsync(question)).Signature!);
        Assert.That(await TheirsAsync(signed), Is.Null);
        Assert.That((await OursAsync(signed)).Error, Is.EqualTo(SignatureError.LifetimeTooLong));
    }

    [Test]
    public async Task They_accept_the_directory_that_we_sign_and_neither_takes_it_changed()
    {
        JudgedMessage answer = DirectoryAnswer();
        HttpMessageSigner signer = new(key.Signer, key.Public.Thumbprint, SignaturePolicy.KeyDirectory);
        SignatureFields fields = await signer.SignAsync(answer.ToContext());
        JudgedMessage signed = answer.With(new SignatureText(fields.SignatureInput, fields.Signature));

        HttpMessageVerifier verifier = new(new OneKey(key.Public.Thumbprint, key.Public));
        SignatureVerificationResult result = await verifier.VerifyAsync(signed.ToContext(), SignaturePolicy.KeyDirectory);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That(await judge.VerifyAsync(Question(signed)), Is.Null);
        foreach (Tampering tampering in Tampering.Of(signed, result.Signature!.Components))
        {
            Assert.That((await verifier.VerifyAsync(tampering.Message.ToContext(), SignaturePolicy.KeyDirectory)).IsValid, Is.False, tampering.Name);
            Assert.That(await judge.VerifyAsync(Question(tampering.Message)), Is.Not.Null, tampering.Name);
        }

        // web-bot-auth itself has no function for it: its own insists on the tag of a request.
        JsonObject Question(JudgedMessage message) =>
            new() { ["op"] = "verify", ["library"] = "http-message-sig", ["message"] = message.ToJson(), ["key"] = key.PublicJwk };
    }

    [Test]
    public async Task They_sign_a_directory_without_its_digest_so_it_counts_only_where_the_digest_is_not_asked_for()
    {
        JudgedMessage answer = DirectoryAnswer();
        (SignatureText? signature, string? reason) = await judge.SignAsync(new JsonObject
        {
            ["op"] = "directory",
            ["message"] = answer.ToJson(),
            ["keys"] = new JsonArray(key.PrivateJwk, other.PrivateJwk),
            ["parameters"] = new JsonObject { ["created"] = Now, ["expires"] = Now + 3600 },
        });
        Assert.That(signature, Is.Not.Null, reason);
        JudgedMessage signed = answer.With(signature!);
        foreach (JudgeKey each in (JudgeKey[])[key, other])
        {
            HttpMessageVerifier verifier = new(new OneKey(each.Public.Thumbprint, each.Public));
            Assert.That((await verifier.VerifyAsync(signed.ToContext(), SignaturePolicy.KeyDirectory)).Error, Is.EqualTo(SignatureError.DigestNotCovered));

            SignaturePolicy former = SignaturePolicy.KeyDirectory with { RequireContentDigest = false };
            SignatureVerificationResult result = await verifier.VerifyAsync(signed.ToContext(), former);
            Assert.That(result.Error, Is.EqualTo(SignatureError.None));
            Assert.That(result.Signature!.KeyId, Is.EqualTo(each.Public.Thumbprint));
            JudgedMessage elsewhere = signed with { Request = signed.Request! with { Authority = "evil.example" } };
            Assert.That((await verifier.VerifyAsync(elsewhere.ToContext(), former)).IsValid, Is.False);
        }
    }

    private static JudgedMessage Get() => new() { Authority = "shop.example", Target = "/prices?item=1" };

    private JudgedMessage DirectoryAnswer()
    {
        byte[] document = new KeyDirectory([new DirectoryKey(key.Public), new DirectoryKey(other.Public)]).ToJson();
        JudgedMessage answer = new() { Status = 200, Body = Encoding.ASCII.GetString(document), Request = new JudgedMessage { Authority = "bot.example", Target = KeyDirectory.WellKnownPath } };
        return answer.With("Content-Type", KeyDirectory.MediaType).With(ContentDigest.FieldName, ContentDigest.Compute(document));
    }

    private async Task<JudgedMessage> OurRequestAsync(SignatureAgentForm form, string body = "", TimeProvider? clock = null)
    {
        HttpMessageSignerOptions options = new() { SignatureAgent = directory.Url, SignatureAgentForm = form };
        HttpMessageSigner signer = new(key.Signer, key.Public.Thumbprint, SignaturePolicy.WebBotAuth, options, clock);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://shop.example/prices?item=1");
        if (body.Length > 0)
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        await signer.SignRequestAsync(request);
        return Get() with
        {
            Method = request.Method.Method,
            Body = body,
            Fields = [.. request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default).Select(field => KeyValuePair.Create(field.Key, field.Value.ToString()))],
        };
    }

    private JsonObject Sign(JudgedMessage message, params string[] components)
    {
        JsonObject question = new()
        {
            ["op"] = "sign",
            ["library"] = JudgeCases.WebBotAuth,
            ["message"] = message.ToJson(),
            ["key"] = key.PrivateJwk,
            ["parameters"] = new JsonObject { ["created"] = Now, ["expires"] = Now + 300 },
        };
        if (components.Length > 0)
        {
            question["components"] = new JsonArray([.. components.Select(component => (JsonNode)component)]);
        }

        return question;
    }

    private async Task<SignatureText> TheirSignatureAsync(JudgedMessage message, params string[] components)
    {
        (SignatureText? signature, string? reason) = await judge.SignAsync(Sign(message, components));
        Assert.That(signature, Is.Not.Null, reason);
        return signature!;
    }

    private ValueTask<SignatureVerificationResult> OursAsync(JudgedMessage signed) => directory.Verifier.VerifyAsync(signed.ToContext(), SignaturePolicy.WebBotAuth);

    // They are given our directory and find the key in it by themselves.
    private Task<string?> TheirsAsync(JudgedMessage signed)
    {
        byte[] document = new KeyDirectory([new DirectoryKey(other.Public), new DirectoryKey(key.Public)]).ToJson();
        return judge.VerifyAsync(new JsonObject
        {
            ["op"] = "verify",
            ["library"] = JudgeCases.WebBotAuth,
            ["message"] = signed.ToJson(),
            ["keys"] = JsonNode.Parse(document)!["keys"]!.DeepClone(),
        });
    }

    private async Task NeitherTakesItChangedAsync(JudgedMessage signed, IReadOnlyList<SignatureComponent> components)
    {
        foreach (Tampering tampering in Tampering.Of(signed, components))
        {
            Assert.That((await OursAsync(tampering.Message)).IsValid, Is.False, tampering.Name);
            Assert.That(await TheirsAsync(tampering.Message), Is.Not.Null, tampering.Name);
        }
    }
}
