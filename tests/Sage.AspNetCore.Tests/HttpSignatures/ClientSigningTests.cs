using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Clients of the factory against a real server: what arrives is signed, once, and for where it arrives.</summary>
[TestFixture]
internal sealed class ClientSigningTests
{
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly MemoryKeyStore store = new();
    private ClientApi api = null!;

    private string Did => DidKeyResolver.Create(key.PublicKey).Value;

    [OneTimeSetUp]
    public async Task FillStoreAsync() => await store.AddAsync("signing", key);

    [OneTimeTearDown]
    public void Forget()
    {
        key.Dispose();
        store.Dispose();
    }

    [SetUp]
    public async Task StartAsync() => api = await ClientApi.StartAsync();

    [TearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [Test]
    public async Task A_client_configured_by_settings_signs_with_the_key_of_a_store_file()
    {
        string folder = Directory.CreateTempSubdirectory("sage-client-").FullName;
        try
        {
            string path = Path.Combine(folder, "keys.json");
            string passphrase = Path.Combine(folder, "passphrase");
            await File.WriteAllTextAsync(passphrase, "correct horse battery staple");
            using (EncryptedFileKeyStore file = await EncryptedFileKeyStore.CreateAsync(path, "correct horse battery staple"u8.ToArray()))
            {
                await file.AddAsync("signing", key);
            }

            ServiceCollection services = new();
            services.AddSage(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Sage:Did"] = Did,
                ["Sage:KeyStore:Path"] = path,
                ["Sage:KeyStore:PassphraseFile"] = passphrase,
            }).Build().GetSection("Sage"));
            services.AddHttpClient("api", client => client.BaseAddress = api.Url).AddHttpMessageSigning();
            await using ServiceProvider provider = services.BuildServiceProvider();

            using HttpResponseMessage response = await PostAsync(provider, "echo?x=1&y=%2F");
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo($"{Did}: {{}}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_retry_arrives_signed_afresh()
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning().AddHttpMessageHandler(() => new Retry()));
        using HttpResponseMessage response = await PostAsync(services, "busy");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        StringValues[] inputs = [.. api.SeenAt("/busy").Select(seen => seen.Fields["Signature-Input"])];
        Assert.That(inputs, Has.Length.EqualTo(3).And.All.Property("Count").EqualTo(1));
        Assert.That(inputs.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_redirect_to_another_host_is_not_followed_although_the_application_brought_its_own_primary_handler()
    {
        await using ClientApi other = await ClientApi.StartAsync();
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = true }));
        using HttpResponseMessage response = await PostAsync(services, $"moved?to={Uri.EscapeDataString(new Uri(other.Url, "/echo").AbsoluteUri)}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(response.Headers.Location!.Authority, Is.EqualTo(other.Url.Authority));
        Assert.That(other.Seen, Is.Empty);

        // The caller may go there, with a signature for there.
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage second = await client.PostAsync(response.Headers.Location, new StringContent("{}"));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_streamed_body_arrives_with_the_digest_it_brought()
    {
        byte[] body = new byte[200_000];
        body.AsSpan().Fill((byte)'x');
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning(options => options.Policy = SignaturePolicy.Default with { MaxBodySize = 1000 }));
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using StreamContent content = new(new MemoryStream(body));
        content.Headers.Add(ContentDigest.FieldName, ContentDigest.Compute(body));
        using HttpRequestMessage request = new(HttpMethod.Post, "echo") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await response.Content.ReadAsStringAsync()).Length, Is.EqualTo(body.Length + Did.Length + 2));
        Assert.That(api.SeenAt("/echo").Single().Fields["Transfer-Encoding"], Is.EqualTo(new StringValues("chunked")));
    }

    [Test]
    public async Task A_body_over_the_limit_never_arrives()
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning(options => options.Policy = SignaturePolicy.Default with { MaxBodySize = 1 }));
        SignatureException? error = Assert.ThrowsAsync<SignatureException>(async () => await PostAsync(services, "echo"));

        Assert.That(error!.Error, Is.EqualTo(SignatureError.BodyTooLarge));
        Assert.That(api.Seen, Is.Empty);
    }

    [TestCase("tagged", ";tag=\"app\"")]
    [TestCase("task", "\"x-task\"")]
    public async Task What_an_endpoint_asks_for_besides_is_given_at_the_second_attempt(string path, string wanted)
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning());
        using HttpResponseMessage response = await PostAsync(services, path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            api.SeenAt("/" + path).Select(seen => seen.Fields["Signature-Input"].ToString().Contains(wanted, StringComparison.Ordinal)),
            Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task A_server_that_never_has_enough_is_answered_once()
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning());
        using HttpResponseMessage response = await PostAsync(services, "never");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(api.SeenAt("/never"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_client_that_signs_when_asked_is_asked_once()
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning(options => options.Mode = HttpSigningMode.WhenAsked));
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await PostAsync(services, "echo");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(api.SeenAt("/echo").Select(seen => seen.Fields.ContainsKey("Signature")), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public async Task Requests_of_one_client_at_once_are_each_signed([Values] bool http2)
    {
        await using ServiceProvider services = Build(client => client.AddHttpMessageSigning());
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        string[] bodies = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(http2 ? api.Http2Url : api.Url, "/echo"))
            {
                Content = new StringContent($"{{\"i\":{i}}}", Encoding.UTF8, "application/json"),
                Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using HttpResponseMessage response = await client.SendAsync(request);
            return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }));

        Assert.That(bodies, Is.EqualTo(Enumerable.Range(0, 8).Select(i => $"{Did}: {{\"i\":{i}}}")));
        Assert.That(api.Seen.Select(seen => seen.Protocol).Distinct(), Is.EqualTo(new[] { http2 ? "HTTP/2" : "HTTP/1.1" }));
    }

    private ServiceProvider Build(Action<IHttpClientBuilder> configure)
    {
        ServiceCollection services = new();
        services.AddSingleton<IKeyStore>(store);
        services.AddSage();
        services.Configure<SageOptions>(options => options.Did = Did);
        configure(services.AddHttpClient("api", client => client.BaseAddress = api.Url));
        return services.BuildServiceProvider();
    }

    private static async Task<HttpResponseMessage> PostAsync(ServiceProvider services, string target)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpRequestMessage request = new(HttpMethod.Post, target)
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            Headers = { { "X-Task", "7" } },
        };
        return await client.SendAsync(request);
    }

    /// <summary>Tries again while the server is busy.</summary>
    private sealed class Retry : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            for (int i = 0; i < 4 && response.StatusCode == HttpStatusCode.ServiceUnavailable; i++)
            {
                response.Dispose();
                response = await base.SendAsync(request, cancellationToken);
            }

            return response;
        }
    }
}
