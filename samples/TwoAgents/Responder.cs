using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.Did;
using Sage.Session;

namespace TwoAgents;

/// <summary>A web application on loopback that answers one agent in private: <c>echo:</c> and the message.</summary>
internal sealed class Responder : IAsyncDisposable
{
    private readonly WebApplication application;

    private Responder(WebApplication application) => this.application = application;

    public Uri Address => new(application.Urls.Single());

    public static async Task<Responder> StartAsync(LocalAgent self, AgentDid caller, string registryFile)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSage()
            .AddAgent(self)
            .AddFileRegistry(registryFile)
            .AddSessions(options => options.Accept = AcceptRule.Dids(caller));

        WebApplication application = builder.Build();
        application.MapSageSessions("/messages", (message, _) => ValueTask.FromResult(Reply(message.Content)));
        await application.StartAsync();
        return new Responder(application);
    }

    public static ReadOnlyMemory<byte> Reply(ReadOnlyMemory<byte> message) => (byte[])[.. "echo:"u8, .. message.Span];

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
