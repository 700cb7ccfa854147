using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Support;

/// <summary>Real hosts on Kestrel from given settings.</summary>
internal static class HostBuilding
{
    /// <summary>A builder with these settings and nothing of the environment of the tests.</summary>
    public static WebApplicationBuilder Builder(IEnumerable<KeyValuePair<string, string?>> settings, CapturingLoggerFactory? logs = null, string environment = "Production", int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Services.AddSingleton<ILoggerFactory>(logs);
        }

        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
        return builder;
    }

    /// <summary>What a host says that does not start; nothing listens then.</summary>
    public static async Task<string[]> RefusalAsync(IEnumerable<KeyValuePair<string, string?>> settings, CapturingLoggerFactory? logs = null, string environment = "Production")
    {
        int port = FreePort();
        WebApplicationBuilder builder = Builder(settings, logs, environment, port);
        string[] failures = [];
        try
        {
            builder.AddSageHost();
            await using WebApplication app = builder.Build();
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            await app.StartAsync(giveUp.Token);
            await app.StopAsync(giveUp.Token);
        }
        catch (OptionsValidationException exception)
        {
            failures = [.. exception.Failures];
        }

        Assert.That(failures, Is.Not.Empty, "the host started");
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(async () => await socket.ConnectAsync(IPAddress.Loopback, port), Throws.InstanceOf<SocketException>(), "something listens");
        return failures;
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
