using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AotSmoke;

internal static class HttpClientJourney
{
    public static async Task FromContainerAsync()
    {
        using MemoryKeyStore keys = new();
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await keys.AddAsync("signing", key);
        string did = DidKeyResolver.Create(key.PublicKey).Value;
        ServiceCollection services = new();
        services.AddSingleton<IKeyStore>(keys);
        services.AddSage().AddDidKey().AddHttpMessageSigner();
        services.Configure<SageOptions>(options => options.Did = did);
        services.AddHttpClient("api")
            .AddHttpMessageVerification(options => options.ExpectedSubject = did)
            .AddHttpMessageSigning()
            .ConfigurePrimaryHttpMessageHandler(provider => new Answering(provider.GetRequiredService<HttpMessageSigner>()));
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example/tasks"));
        Check.That(response.RequestMessage!.Headers.Contains("Signature"), "a client of the factory signs");
        Check.That(response.GetVerifiedSignature()?.Subject == did, "and says who answered");
    }

    /// <summary>Signs its answers.</summary>
    private sealed class Answering(HttpMessageSigner signer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = new() { RequestMessage = request };
            SignatureFields fields = await signer.SignAsync(SignatureContext.ForResponse(response), cancellationToken: cancellationToken);
            response.Headers.Add(SignatureFields.InputName, fields.SignatureInput);
            response.Headers.Add(SignatureFields.SignatureName, fields.Signature);
            return response;
        }
    }
}
