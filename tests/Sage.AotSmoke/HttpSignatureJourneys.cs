using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AotSmoke;

internal static class HttpSignatureJourneys
{
    public static async Task SignAndVerifyAsync()
    {
        using Agent alice = new();
        InMemoryAgentRegistry registry = new();
        await alice.RegisterAsync(registry, "https://alice.example/agent");
        HttpMessageSigner signer = new(alice.Local.Signer, $"{alice.Did}#key-1");
        HttpMessageVerifier verifier = new(new AgentKeyResolver(registry), new InMemoryNonceStore());
        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example/tasks?limit=1")
        {
            Content = new StringContent("""{"task":"sum"}""", Encoding.UTF8, "application/json"),
        };
        await signer.SignRequestAsync(request);

        SignatureVerificationResult first = await verifier.VerifyAsync(SignatureContext.ForRequest(request));
        Check.That(first.Signature?.Subject == alice.Did.Value, "a signed request says who sent it");
        SignatureVerificationResult second = await verifier.VerifyAsync(SignatureContext.ForRequest(request));
        Check.That(second.Error == SignatureError.Replayed, "it does so once");
        await signer.SignRequestAsync(request);
        request.Method = HttpMethod.Put;
        SignatureVerificationResult changed = await verifier.VerifyAsync(SignatureContext.ForRequest(request));
        Check.That(changed.Error == SignatureError.BadSignature, "a changed request is refused");
    }

    public static async Task ApiAsync()
    {
        using Agent alice = new();
        using Agent bob = new();
        InMemoryAgentRegistry registry = new();
        await alice.RegisterAsync(registry, "https://alice.example/agent");
        await bob.RegisterAsync(registry, "https://bob.example/agent");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IKeyResolver>(new AgentKeyResolver(registry));
        builder.Services.AddSingleton(new HttpMessageSigner(bob.Local.Signer, bob.Did.Value));
        builder.Services.AddSage();
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature();
        await using WebApplication app = builder.Build();
        app.UseHttpMessageSigning();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost("/whoami", (AgentIdentity caller) => caller.Subject).SignHttpResponse();
        await app.StartAsync();

        HttpMessageSigner signer = new(alice.Local.Signer, $"{alice.Did}#key-1");
        HttpMessageVerifier verifier = new(new AgentKeyResolver(registry));
        using HttpClient client = new(new HttpVerifyingHandler(verifier)
        {
            InnerHandler = new HttpSigningHandler(signer) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } },
        });
        using HttpResponseMessage answer = await client.PostAsync(new Uri(new Uri(app.Urls.Single()), "whoami"), new StringContent("hello"));
        Check.That(await answer.Content.ReadAsStringAsync() == alice.Did.Value, "the API knows who called");
        Check.That(answer.GetVerifiedSignature()?.Subject == bob.Did.Value, "the caller knows who answered");
        using HttpClient unsigned = new();
        using HttpResponseMessage refused = await unsigned.PostAsync(new Uri(new Uri(app.Urls.Single()), "whoami"), null);
        Check.That((int)refused.StatusCode == 401, "an unsigned request is refused");
        await app.StopAsync();
    }

    public static async Task WebBotAuthAsync()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        byte[] document = new KeyDirectory([new DirectoryKey(key.PublicKey)]).ToJson();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        RequestDelegate serve = async context =>
        {
            context.Response.ContentType = KeyDirectory.MediaType;
            await context.Response.Body.WriteAsync(document);
        };
        app.MapGet(KeyDirectory.WellKnownPath, serve);
        await app.StartAsync();

        Uri origin = new(app.Urls.Single());
        using KeyDirectoryClient directories = new(new KeyDirectoryClientOptions { Endpoints = new EndpointPolicy { AllowHttp = true, AllowLoopback = true } });
        HttpMessageSigner signer = new(
            new KeySigner(key), key.PublicKey.Thumbprint, SignaturePolicy.WebBotAuth, new HttpMessageSignerOptions { SignatureAgent = origin });
        HttpMessageVerifier verifier = new(
            new AgentKeyResolver(new InMemoryAgentRegistry()), options: new HttpMessageVerifierOptions { KeyDirectories = directories });
        using HttpRequestMessage request = new(HttpMethod.Get, "https://site.example/page");
        await signer.SignRequestAsync(request);
        SignatureVerificationResult result = await verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.WebBotAuth);
        Check.That(result.IsValid, "a bot is known by its directory");
        await app.StopAsync();
    }
}
