using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

public sealed class WebBotAuthTests
{
    private static readonly Uri Agent = new("https://bot.example");

    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private PrivateKey key = null!;
    private ServedDirectory served = null!;
    private KeyDirectoryClient directories = null!;
    private HttpMessageVerifier verifier = null!;

    [SetUp]
    public void Publish()
    {
        key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        served = new ServedDirectory(new KeyDirectory([new DirectoryKey(key.PublicKey)]));
        directories = new KeyDirectoryClient(new HttpMessageInvoker(served), null, clock, null);
        verifier = new HttpMessageVerifier(new NoKeys(), null, new HttpMessageVerifierOptions { KeyDirectories = directories }, clock);
    }

    [TearDown]
    public void Close()
    {
        directories.Dispose();
        served.Dispose();
        key.Dispose();
    }

    [TestCase(SignatureAgentForm.Dictionary, "sig1=\"https://bot.example\"", "\"signature-agent\";key=\"sig1\"")]
    [TestCase(SignatureAgentForm.Legacy, "\"https://bot.example\"", "\"signature-agent\"")]
    public async Task A_bot_is_known_by_the_directory_that_its_signature_covers(SignatureAgentForm form, string field, string component)
    {
        using HttpRequestMessage request = await SignAsync(form);

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.Multiple(() =>
        {
            Assert.That(request.Headers.GetValues("Signature-Agent"), Is.EqualTo(new[] { field }));
            Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
            Assert.That(result.Signature!.Subject, Is.EqualTo("https://bot.example/.well-known/http-message-signatures-directory"));
            Assert.That(result.Signature.Covers(SignatureComponent.Parse(component)), Is.True);
            Assert.That(result.Signature.Tag, Is.EqualTo("web-bot-auth"));
            Assert.That(result.Signature.KeyId, Is.EqualTo(key.PublicKey.Thumbprint));
        });
    }

    [Test]
    public async Task A_signature_that_does_not_cover_the_agent_names_no_key()
    {
        SignaturePolicy careless = SignaturePolicy.WebBotAuth with { KeysFromSignatureAgent = false };
        using HttpRequestMessage request = new(HttpMethod.Get, "https://example.com/");
        request.Headers.TryAddWithoutValidation("Signature-Agent", "sig1=\"https://bot.example\"");
        await new HttpMessageSigner(new KeySigner(key), key.PublicKey.Thumbprint, careless, timeProvider: clock).SignRequestAsync(request);

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.SignatureAgentMissing));
        Assert.That(served.Requests, Is.Zero);
    }

    [Test]
    public async Task A_dictionary_that_is_covered_as_a_whole_names_no_member()
    {
        SignaturePolicy careless = SignaturePolicy.WebBotAuth with { KeysFromSignatureAgent = false };
        using HttpRequestMessage request = new(HttpMethod.Get, "https://example.com/");
        request.Headers.TryAddWithoutValidation("Signature-Agent", "sig1=\"https://bot.example\"");
        await new HttpMessageSigner(new KeySigner(key), key.PublicKey.Thumbprint, careless, timeProvider: clock)
            .SignRequestAsync(request, new SigningOverrides { AdditionalComponents = [SignatureComponent.Field("signature-agent")] });

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.SignatureAgentMissing));
    }

    [Test]
    public async Task A_key_that_another_directory_publishes_is_not_this_bots()
    {
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        served.Directory = new KeyDirectory([new DirectoryKey(other.PublicKey)]);
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary);

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.KeyNotFound));
    }

    [Test]
    public async Task The_name_of_the_bot_cannot_be_changed_on_the_way()
    {
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary);
        request.Headers.Remove("Signature-Agent");
        request.Headers.TryAddWithoutValidation("Signature-Agent", "sig1=\"https://other.example\"");

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task A_directory_that_does_not_answer_lets_nobody_in()
    {
        served.Status = HttpStatusCode.InternalServerError;
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary);

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.KeySourceUnavailable));
    }

    [Test]
    public async Task Covering_the_target_covers_the_authority()
    {
        SignaturePolicy target = SignaturePolicy.WebBotAuth with { RequestComponents = [SignatureComponent.TargetUri] };
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary, target);

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
    }

    [TestCase(false, false, SignatureError.ComponentNotCovered)]
    [TestCase(true, false, SignatureError.ComponentNotCovered)]
    [TestCase(true, true, SignatureError.None)]
    public async Task Who_covers_another_signature_covers_what_it_says_and_all_it_covers(bool input, bool components, SignatureError expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://example.com/path");
        request.Headers.TryAddWithoutValidation("X-Inner", "1");
        SignaturePolicy plain = SignaturePolicy.Default with { RequestComponents = [SignatureComponent.Field("x-inner")], Label = "inner" };
        SignatureFields inner = await new HttpMessageSigner(new KeySigner(key), "inner", plain, timeProvider: clock).SignAsync(SignatureContext.ForRequest(request));
        request.Headers.TryAddWithoutValidation("Signature-Input", inner.SignatureInput);
        request.Headers.TryAddWithoutValidation("Signature", inner.Signature);
        List<SignatureComponent> more = [SignatureComponent.Field("signature").DictionaryMember("inner")];
        more.AddRange(input ? [SignatureComponent.Field("signature-input").DictionaryMember("inner")] : []);
        more.AddRange(components ? [SignatureComponent.Field("x-inner")] : []);
        HttpMessageSigner signer = new(
            new KeySigner(key), key.PublicKey.Thumbprint, SignaturePolicy.WebBotAuth with { Label = "outer" }, new HttpMessageSignerOptions { SignatureAgent = Agent }, clock);
        await signer.SignRequestAsync(request, new SigningOverrides { AdditionalComponents = more });

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(expected), result.Detail);
    }

    [Test]
    public async Task A_signature_for_longer_than_a_day_is_refused()
    {
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary, SignaturePolicy.WebBotAuth with { Lifetime = TimeSpan.FromHours(25) });

        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.LifetimeTooLong));
    }

    [Test]
    public void A_signer_whose_key_id_is_no_thumbprint_is_not_made()
    {
        Assert.That(
            () => new HttpMessageSigner(new KeySigner(key), "my-key", SignaturePolicy.WebBotAuth, new HttpMessageSignerOptions { SignatureAgent = Agent }),
            Throws.ArgumentException.With.Message.Contains("thumbprint"));
    }

    [Test]
    public async Task A_verifier_without_a_client_for_directories_says_what_is_missing()
    {
        using HttpRequestMessage request = await SignAsync(SignatureAgentForm.Dictionary);
        HttpMessageVerifier without = new(new NoKeys(), timeProvider: clock);

        Assert.That(
            async () => await without.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth),
            Throws.InvalidOperationException.With.Message.Contains("KeyDirectories"));
    }

    private async Task<HttpRequestMessage> SignAsync(SignatureAgentForm form, SignaturePolicy? policy = null)
    {
        HttpMessageSigner signer = new(
            new KeySigner(key),
            key.PublicKey.Thumbprint,
            policy ?? SignaturePolicy.WebBotAuth,
            new HttpMessageSignerOptions { SignatureAgent = Agent, SignatureAgentForm = form },
            clock);
        HttpRequestMessage request = new(HttpMethod.Get, "https://example.com/path");
        await signer.SignRequestAsync(request);
        return request;
    }

    private sealed class ServedDirectory(KeyDirectory directory) : HttpMessageHandler
    {
        public KeyDirectory Directory { get; set; } = directory;

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            ByteArrayContent content = new(Directory.ToJson());
            content.Headers.ContentType = new MediaTypeHeaderValue(KeyDirectory.MediaType);
            return Task.FromResult(new HttpResponseMessage(Status) { Content = content, RequestMessage = request });
        }
    }

    private sealed class NoKeys : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) =>
            new(new KeyResolution { Status = KeyResolutionStatus.NotFound });
    }
}
