using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;
using Sage.Session;

namespace Sage.Conventions.Tests;

/// <summary>The code of README.md and docs/getting-started.md; <see cref="DocumentationTests"/> compares the regions, <see cref="SnippetTests"/> and <see cref="HttpSnippetTests"/> run them.</summary>
internal static class ReadmeSnippets
{
    public static void Sign(HostApplicationBuilder builder)
    {
        #region README: sign
        builder.Services.AddSage(builder.Configuration.GetSection("Sage"));
        builder.Services.AddHttpClient<TaskClient>(http => http.BaseAddress = new Uri("https://tasks.example"))
            .AddHttpMessageSigning();
        #endregion
    }

    public static WebApplication BuildVerifying(WebApplicationBuilder builder)
    {
        #region README: verify
        builder.Services.AddSage().AddDidKey().AddFileRegistry("agents.json");
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature();
        WebApplication app = builder.Build();
        app.MapPost("/tasks", (TaskRequest task, AgentIdentity caller) => $"{caller.Did} may ask to {task.Text}");
        #endregion
        return app;
    }

    public static void AuthorizePartners(WebApplicationBuilder builder, string partner)
    {
        #region Getting started: partners
        builder.Services.AddAuthorizationBuilder().AddPolicy("partners", policy => policy
            .AddAuthenticationSchemes(HttpSignatureDefaults.AuthenticationScheme)
            .RequireClaim(HttpSignatureClaimTypes.Did, partner));
        #endregion
    }

    public static void MapForPartners(WebApplication app)
    {
        #region Getting started: map for partners
        app.MapPost("/offers", (TaskRequest task, AgentIdentity caller) => $"an offer for {caller.Did}").RequireAuthorization("partners");
        #endregion
    }

    public static void MapSigned(WebApplication app)
    {
        #region Getting started: sign answers
        app.UseHttpMessageSigning();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/offer", (AgentIdentity caller) => $"an offer for {caller.Did}").SignHttpResponse();
        #endregion
    }

    public static async Task<string> AskForSignedAnswerAsync(ISigner signer, AgentDid did, AgentDid peer, Uri address, CancellationToken ct)
    {
        #region Getting started: believe the answer
        HttpMessageVerifier verifier = new(new AgentKeyResolver(new DidKeyResolver()));
        using HttpClient http = new(new HttpVerifyingHandler(verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = peer.Value })
        {
            InnerHandler = new HttpSigningHandler(new HttpMessageSigner(signer, did.Value))
            {
                InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false },
            },
        });
        string offer = await http.GetStringAsync(new Uri(address, "/offer"), ct);
        #endregion
        return offer;
    }

    public static async Task<SessionMessage> AskAsync(SessionClient sessions, CancellationToken ct)
    {
        #region README: ask
        await using AgentSession session = await sessions.OpenAsync(AgentDid.Parse("did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3"), ct);
        SessionMessage reply = await session.RequestAsync("what is the offer?"u8.ToArray(), ct);
        #endregion
        return reply;
    }

    public static void Answer(WebApplication app)
    {
        #region README: answer
        app.MapSageSessions("/messages", (message, ct) => ValueTask.FromResult(Answer(message.Peer, message.Content)));
        #endregion
    }

    public static async Task<AgentDid> CreateAgentAsync(string folder, string endpoint, CancellationToken ct)
    {
        byte[] passphrase = "correct horse battery staple"u8.ToArray();
        #region Getting started: an agent
        using EncryptedFileKeyStore keys = await EncryptedFileKeyStore.CreateAsync(Path.Combine(folder, "keys.json"), passphrase, cancellationToken: ct);
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        await keys.AddAsync("owner", owner, ct);
        await keys.AddAsync("signing", signing, ct);
        await keys.AddAsync("agreement", agreement, ct);

        AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        AgentRecord record = new()
        {
            Did = did,
            Name = "weather",
            Endpoint = endpoint,
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, TimeProvider.System.GetUtcNow(), ct)],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        FileAgentRegistry registry = new(Path.Combine(folder, "agents.json"));
        RegistryWriteResult result = await registry.RegisterAsync(record, new KeySigner(owner), cancellationToken: ct);
        #endregion
        return result == RegistryWriteResult.Written ? did : throw new InvalidOperationException(result.ToString());
    }

    public static WebApplication BuildAnswering(WebApplicationBuilder builder, AgentDid partner)
    {
        #region Getting started: answer
        builder.Services.AddSage(builder.Configuration.GetSection("Sage"))
            .AddFileRegistry("agents.json")
            .AddAgentFromKeyStore("signing", "agreement")
            .AddSessions(options => options.Accept = AcceptRule.Dids(partner));

        WebApplication app = builder.Build();
        app.MapSageSessions("/messages", (message, ct) => ValueTask.FromResult(Answer(message.Peer, message.Content)));
        #endregion
        return app;
    }

    public static async Task<string> AskWithoutContainerAsync(string folder, AgentDid did, AgentDid peer, ReadOnlyMemory<byte> passphrase, CancellationToken ct)
    {
        #region Getting started: ask
        using EncryptedFileKeyStore keys = await EncryptedFileKeyStore.OpenAsync(Path.Combine(folder, "keys.json"), passphrase, cancellationToken: ct);
        using PrivateKey signing = await keys.GetAsync("signing", cancellationToken: ct);
        FileAgentRegistry registry = new(Path.Combine(folder, "agents.json"));

        // Only for trying things out on one machine; leave the policy out and only https on public addresses is dialled.
        EndpointPolicy policy = new() { AllowHttp = true, AllowLoopback = true };
        using HttpSessionTransport transport = new(policy);
        SessionClient sessions = new(new LocalAgent(did, new KeySigner(signing)), registry, transport, new AgentSessionOptions { Endpoints = policy });
        await using AgentSession session = await sessions.OpenAsync(peer, ct);
        SessionMessage reply = await session.RequestAsync("what is the offer?"u8.ToArray(), ct);
        string text = Encoding.UTF8.GetString(reply.Content.Span);
        #endregion
        return text;
    }

    private static ReadOnlyMemory<byte> Answer(AgentDid peer, ReadOnlyMemory<byte> content) =>
        Encoding.UTF8.GetBytes($"to {peer}: you asked \"{Encoding.UTF8.GetString(content.Span)}\"");

    internal sealed class TaskClient(HttpClient http)
    {
        public Task<HttpResponseMessage> AskAsync(string path, string text, CancellationToken ct) => http.PostAsJsonAsync(path, new TaskRequest(text), ct);
    }

    internal sealed record TaskRequest(string Text);
}
