using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Session;

namespace OnChainAgents;

/// <summary>A web application on loopback that answers one agent in private. Who that agent is, and whether it still is, the chain says.</summary>
internal sealed class Responder : IAsyncDisposable
{
    private readonly WebApplication application;

    private Responder(WebApplication application) => this.application = application;

    public Uri Address => new(application.Urls.Single());

    public static async Task<Responder> StartAsync(LocalAgent self, AgentDid caller, EthereumDeployment deployment, Uri node)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));

        // Answers are remembered for five minutes; a look at each new block is what ends a session at once.
        builder.Services.AddSage()
            .AddAgent(self)
            .AddEthereumRegistry(deployment, [node], configureWatch: watch => watch.PollInterval = TimeSpan.FromMilliseconds(200))
            .AddSessions(options => options.Accept = AcceptRule.Dids(caller));

        WebApplication application = builder.Build();
        application.MapSageSessions("/messages", (message, _) => ValueTask.FromResult((ReadOnlyMemory<byte>)(byte[])[.. "echo:"u8, .. message.Content.Span]));
        await application.StartAsync();
        return new Responder(application);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
