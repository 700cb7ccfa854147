using System.Net;
using Microsoft.AspNetCore.Builder;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

public sealed class KeyDirectoryEndpointTests
{
    private PrivateKey current = null!;
    private PrivateKey next = null!;
    private SignedApi api = null!;
    private HttpClient client = null!;

    [SetUp]
    public async Task PublishAsync()
    {
        current = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        next = PrivateKey.Generate(KeyAlgorithm.P256);
        api = await SignedApi.StartAsync(app => app.MapHttpMessageSignaturesDirectory([new KeySigner(current), new KeySigner(next)]));
        client = new HttpClient { BaseAddress = api.Url };
    }

    [TearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
        current.Dispose();
        next.Dispose();
    }

    [Test]
    public async Task The_directory_is_signed_by_every_key_in_it_for_the_authority_that_was_asked()
    {
        using HttpResponseMessage answer = await client.GetAsync(KeyDirectory.WellKnownPath);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(KeyDirectory.TryParse(await answer.Content.ReadAsByteArrayAsync(), out KeyDirectory? directory), Is.True);
        HttpMessageVerifier verifier = new(new Published(directory!, api.Clock), timeProvider: api.Clock);

        SignatureVerificationResult result = await verifier.VerifyAsync(
            SignatureContext.ForResponse(answer), SignaturePolicy.KeyDirectory with { Match = SignatureMatch.All });

        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo(KeyDirectory.MediaType));
            Assert.That(answer.Headers.CacheControl!.MaxAge, Is.EqualTo(TimeSpan.FromHours(1)));
            Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
            Assert.That(result.Signatures.Select(signature => signature.KeyId), Is.EquivalentTo(directory!.Keys.Select(key => key.Thumbprint)));
            Assert.That(directory.Keys.Select(key => key.PublicKey), Is.EqualTo(new[] { current.PublicKey, next.PublicKey }));
            Assert.That(result.Signature!.Expires - result.Signature.Created, Is.GreaterThan(TimeSpan.FromHours(1)));
        });
    }

    [Test]
    public async Task An_answer_for_one_authority_is_none_for_another()
    {
        using HttpResponseMessage answer = await client.GetAsync(KeyDirectory.WellKnownPath);
        _ = KeyDirectory.TryParse(await answer.Content.ReadAsByteArrayAsync(), out KeyDirectory? directory);
        answer.RequestMessage!.RequestUri = new Uri("https://other.example" + KeyDirectory.WellKnownPath);

        SignatureVerificationResult result = await new HttpMessageVerifier(new Published(directory!, api.Clock), timeProvider: api.Clock)
            .VerifyAsync(SignatureContext.ForResponse(answer), SignaturePolicy.KeyDirectory);

        Assert.That(result.Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task Who_has_the_directory_is_told_so()
    {
        using HttpResponseMessage first = await client.GetAsync(KeyDirectory.WellKnownPath);
        using HttpRequestMessage again = new(HttpMethod.Get, KeyDirectory.WellKnownPath);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await client.SendAsync(again);

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await second.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task The_answer_to_HEAD_has_the_fields_and_no_body()
    {
        using HttpRequestMessage head = new(HttpMethod.Head, KeyDirectory.WellKnownPath);

        using HttpResponseMessage answer = await client.SendAsync(head);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.Contains("Signature"), Is.True);
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Bots_are_let_in_by_the_directory_they_serve()
    {
        Uri bot = api.Url;
        using KeyDirectoryClient directories = new(new KeyDirectoryClientOptions { Endpoints = new EndpointPolicy { AllowHttp = true, AllowLoopback = true } }, api.Clock);
        HttpMessageSigner signer = new(
            new KeySigner(current), current.PublicKey.Thumbprint, SignaturePolicy.WebBotAuth, new HttpMessageSignerOptions { SignatureAgent = bot }, api.Clock);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://site.example/page");
        await signer.SignRequestAsync(request);

        SignatureVerificationResult result = await new HttpMessageVerifier(
            new Published(new KeyDirectory([]), api.Clock), options: new HttpMessageVerifierOptions { KeyDirectories = directories }, timeProvider: api.Clock)
            .VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);

        Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
        Assert.That(result.Signature!.Subject, Is.EqualTo(new Uri(bot, KeyDirectory.WellKnownPath).AbsoluteUri));
    }

    [Test]
    public void An_application_without_a_signer_is_told_what_to_call() =>
        Assert.That(
            async () => await SignedApi.StartAsync(app => app.MapHttpMessageSignaturesDirectory()),
            Throws.InvalidOperationException.With.Message.Contains("AddHttpMessageSigner"));

    private sealed class Published(KeyDirectory directory, TimeProvider clock) : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(
            directory.TryFind(query.KeyId, out DirectoryKey? key)
                ? new KeyResolution { Status = KeyResolutionStatus.Resolved, Subject = query.KeyId, Keys = [key.PublicKey], ObservedAt = clock.GetUtcNow() }
                : new KeyResolution { Status = KeyResolutionStatus.NotFound });
    }
}
