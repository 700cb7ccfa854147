using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.Did;
using Sage.Hosting.Tests.Support;
using Sage.HttpSignatures;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>A whole host from a configuration, with an identity in a registry that others share, sessions in SQLite and what it exposes.</summary>
internal sealed class MonitoredAgent : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DirectoryInfo folder;

    private MonitoredAgent(WebApplication app, AgentDid did, DirectoryInfo folder)
    {
        this.app = app;
        this.folder = folder;
        Did = did;
    }

    public AgentDid Did { get; }

    public Uri Url => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    public static async Task<MonitoredAgent> StartAsync(InMemoryAgentRegistry registry, params (string Key, string Value)[] configuration)
    {
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey state = PrivateKey.Generate(KeyAlgorithm.X25519);
        AgentDid did = AgentDid.Parse("did:sage:ethereum:" + owner.PublicKey.GetEthereumAddress());
        MemoryKeyStore keys = new();
        await keys.AddAsync("signing", signing);
        await keys.AddAsync("agreement", agreement);
        await keys.AddAsync("state", state);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-monitored-");

        Dictionary<string, string?> settings = new()
        {
            ["Sage:Did"] = did.Value,
            ["Sage:Registry:Kind"] = "Memory",
            ["Sage:Sessions:AcceptAnyone"] = "true",
            ["Sage:Sessions:Endpoints:AllowLoopback"] = "true",
            ["Sage:Sessions:Endpoints:AllowHttp"] = "true",
            ["Sage:Store:Kind"] = "Sqlite",
            ["Sage:Store:Path"] = Path.Combine(folder.FullName, "sage.db"),
            ["Sage:Store:StateKey"] = "state",
        };
        foreach ((string key, string value) in configuration)
        {
            settings["Sage:" + key] = value;
        }

        WebApplicationBuilder builder = HostBuilding.Builder(settings, environment: "Development");
        builder.Services.AddSingleton<IKeyStore>(keys);
        builder.Services.AddSingleton<IAgentRegistry>(registry);
        builder.AddSageHost();
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapSageMetrics();
        app.MapSageHealth();
        app.MapSageSessions("/messages", (message, _) => ValueTask.FromResult(message.Content));
        app.MapGet("/whoami", (RequestDelegate)(context => context.Response.WriteAsync(context.GetAgentIdentity()!.Subject))).RequireHttpSignature();
        await app.StartAsync();
        RecordKey key1 = await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, TimeProvider.System.GetUtcNow());
        AgentRecord record = new() { Did = did, Name = "monitored", Endpoint = app.Urls.First(), Keys = [key1], PublicKemKey = agreement.PublicKey.Export() };
        Assert.That(await registry.RegisterAsync(record, new KeySigner(owner), TimeProvider.System), Is.EqualTo(RegistryWriteResult.Written));
        return new MonitoredAgent(app, did, folder);
    }

    /// <summary>A request that this agent signs.</summary>
    public async Task<HttpRequestMessage> SignAsync(Uri url)
    {
        HttpRequestMessage request = new(HttpMethod.Get, url);
        await Services.GetRequiredService<HttpMessageSigner>().SignRequestAsync(request);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
