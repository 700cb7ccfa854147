using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary>A server on loopback with nothing in it but the endpoints for sessions and for signed requests.</summary>
internal static class EchoServer
{
    private const string Endpoint = "/messages";

    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(5);

    /// <summary>Serves until cancelled; says where once it really listens.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task RunAsync(
        Terminal terminal, AgentHome agent, string keyId, IDidResolver registry, AgentSessionOptions options, int port, CancellationToken cancellationToken)
    {
        await using WebApplication application = Build(port, services => SignedEcho.AddTo(services, agent.Agent.Signer, keyId, registry));
        using SessionListener listener = new(
            agent.Agent, registry, new InMemoryNonceStore(), options, loggerFactory: application.Services.GetRequiredService<ILoggerFactory>());
        foreach (string path in Paths(agent.Profile.Endpoint))
        {
            application.MapSageSessions(path + Endpoint, listener, EchoAsync);
            SignedEcho.Map(application, path + SignedEcho.Endpoint);
        }

        await application.StartAsync(cancellationToken);
        await terminal.Text.WriteLineAsync($"listening on {application.Urls.Single()}");
        await application.WaitForShutdownAsync(cancellationToken);
    }

    private static WebApplication Build(int port, Action<IServiceCollection> configure)
    {
        // The empty builder reads no settings of its surroundings: no appsettings.json, no ASPNETCORE_URLS.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        configure(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeToStop);
        // Whether the server started is this command's own answer, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        WebApplication application = builder.Build();
        application.UseRouting();
        SignedEcho.Use(application);
        return application;
    }

    /// <summary>The root, and the path of the agent's own base URL as a proxy would pass it on.</summary>
    private static IEnumerable<string> Paths(string endpoint)
    {
        yield return "";
        string path = Uri.UnescapeDataString(new Uri(endpoint).AbsolutePath).TrimEnd('/');
        if (path.Length > 0)
        {
            // In a route, braces stand for a parameter unless they are doubled.
            yield return path.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        }
    }

    private static ValueTask<ReadOnlyMemory<byte>> EchoAsync(SessionMessage message, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>((byte[])[.. "echo:"u8, .. message.Content.Span]);
}
