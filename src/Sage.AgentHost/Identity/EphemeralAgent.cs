using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sage.Crypto;
using Sage.Did;

namespace Sage.AgentHost;

/// <summary>
/// An agent for Development that nobody configured: its keys are in memory and gone with the process, and its record is in the registry
/// in memory once the host listens.
/// </summary>
internal sealed class EphemeralAgent(
    EphemeralKeys keys, AgentDid did, IServer server, IAgentRegistry registry, TimeProvider timeProvider, ILogger<EphemeralAgent> logger) : IHostedLifecycleService
{
    /// <summary>Makes one if the configuration names no agent; outside Development that is an error which the configuration's check tells.</summary>
    public static async Task AddIfNeededAsync(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment() || builder.Configuration["Sage:Did"] is not null || builder.Configuration["Sage:KeyStore:Path"] is not null)
        {
            return;
        }

        EphemeralKeys keys = await EphemeralKeys.CreateAsync(builder.Configuration);
        AgentDid did = SageDid.Generate("ethereum", keys.Owner.PublicKey.GetEthereumAddress());
        builder.Configuration.AddInMemoryCollection([new KeyValuePair<string, string?>("Sage:Did", did.Value)]);
        builder.Services.AddSingleton<IKeyStore>(_ => keys.Store);
        builder.Services.AddSingleton(_ => keys);
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<EphemeralAgent>(provider, did));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        string endpoint = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? $"http://{IPAddress.Loopback}";
        AgentRecord record = new()
        {
            Did = did,
            Name = "ephemeral",
            Endpoint = endpoint,
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(keys.Signing), did, timeProvider.GetUtcNow(), cancellationToken)],
            PublicKemKey = keys.Agreement.PublicKey.Export(),
        };

        // A registry file outlives the process, and this agent does not.
        if (registry is InMemoryAgentRegistry)
        {
            await registry.RegisterAsync(record, new KeySigner(keys.Owner), timeProvider, cancellationToken);
        }

        Log.EphemeralAgent(logger, did, endpoint);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
