using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Clients of the factory against a real server: which responses reach the caller.</summary>
[TestFixture]
internal sealed class ClientVerifyingTests
{
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private ClientApi api = null!;

    private string Did => DidKeyResolver.Create(key.PublicKey).Value;

    [OneTimeSetUp]
    public async Task StartAsync() => api = await ClientApi.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await api.DisposeAsync();
        key.Dispose();
    }

    [Test]
    public async Task A_signed_response_says_who_answered_and_can_be_read(
        [Values] bool http2, [Values] HttpCompletionOption completion, [Values("GET", "POST")] string method)
    {
        await using ServiceProvider services = Build(api.Did);
        using HttpResponseMessage response = await SendAsync(services, "/signed?x=1", method, http2, completion);

        Assert.That(response.GetVerifiedSignature()!.Subject, Is.EqualTo(api.Did));
        Assert.That(response.GetVerifiedSignature()!.Covers(SignatureComponent.Field("signature").FromRequest()), Is.True);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
    }

    [TestCase("/changed", SignatureError.DigestMismatch)]
    [TestCase("/unsigned", SignatureError.NotSigned)]
    [TestCase("/echo", SignatureError.NotSigned)]
    [TestCase("/nowhere", SignatureError.NotSigned)]
    public async Task A_response_that_does_not_count_does_not_reach_the_caller(string path, SignatureError error)
    {
        await using ServiceProvider services = Build(api.Did);
        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await SendAsync(services, path));
        Assert.That(refused!.Error, Is.EqualTo(error));
    }

    [Test]
    public async Task A_response_signed_by_someone_else_does_not_reach_the_caller()
    {
        await using ServiceProvider services = Build(Did);
        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await SendAsync(services, "/signed"));
        Assert.That(refused!.Error, Is.EqualTo(SignatureError.WrongSigner));
    }

    [Test]
    public async Task A_response_to_a_request_that_the_primary_handler_redirected_does_not_reach_the_caller()
    {
        // Without the handler that signs nothing turns redirects off.
        await using ServiceProvider services = Build(api.Did, signs: false);
        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await SendAsync(services, "/moved?to=/signed"));

        Assert.That(api.SeenAt("/signed"), Is.Not.Empty);
        Assert.That(refused!.Error, Is.EqualTo(SignatureError.RequestChanged));
    }

    [Test]
    public async Task Responses_are_compared_with_their_own_requests_when_there_are_many_at_once([Values] bool http2)
    {
        await using ServiceProvider services = Build(api.Did);
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SendAsync(services, $"/signed?i={i}", "POST", http2)));

        Assert.That(responses.Select(response => response.GetVerifiedSignature()?.Subject), Has.All.EqualTo(api.Did));
        Array.ForEach(responses, response => response.Dispose());
    }

    private ServiceProvider Build(string expected, bool signs = true)
    {
        ServiceCollection services = new();
        services.AddSage().AddDidKey();
        services.Configure<SageOptions>(options => options.Did = Did);
        IHttpClientBuilder client = services.AddHttpClient("api").AddHttpMessageVerification(options => options.ExpectedSubject = expected);
        if (signs)
        {
            client.AddHttpMessageSigning(options => options.Signer = new KeySigner(key));
        }

        return services.BuildServiceProvider();
    }

    private async Task<HttpResponseMessage> SendAsync(
        ServiceProvider services, string target, string method = "POST", bool http2 = false, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(http2 ? api.Http2Url : api.Url, target))
        {
            Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json"),
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.SendAsync(request, completion);
    }
}
