using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Conventions.Tests;

/// <summary>The code of README.md and docs/getting-started.md; <see cref="DocumentationTests"/> compares the regions, <see cref="SnippetTests"/> runs them.</summary>
internal static class ReadmeSnippets
{
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
}
