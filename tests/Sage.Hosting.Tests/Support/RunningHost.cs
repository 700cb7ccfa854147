using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Did;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Support;

/// <summary>A host that runs for an agent and echoes over sessions, with settings that change while it does.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private RunningHost(WebApplication app, LiveSettings settings, CapturingLoggerFactory logs)
    {
        App = app;
        Settings = settings;
        Logs = logs;
    }

    public WebApplication App { get; }

    public LiveSettings Settings { get; }

    public CapturingLoggerFactory Logs { get; }

    public HttpClient Http { get; } = new();

    /// <param name="agent">Who the host runs for; it does not own it.</param>
    /// <param name="caller">Whose record the host knows.</param>
    /// <param name="settings">Settings beyond identity and accepting anyone.</param>
    /// <param name="map">Further endpoints.</param>
    public static async Task<RunningHost> StartAsync(
        HostedAgent agent, TestAgent caller, IEnumerable<(string Key, string? Value)>? settings = null, Action<WebApplication>? map = null)
    {
        CapturingLoggerFactory logs = new();
        LiveSettings live = new();
        live.Set("Sage:Did", agent.Did.Value);
        live.Set("Sage:Sessions:AcceptAnyone", "true");
        foreach ((string key, string? value) in settings ?? [])
        {
            live.Set(key, value);
        }

        WebApplicationBuilder builder = HostBuilding.Builder([], logs, port: agent.Port);
        ((IConfigurationBuilder)builder.Configuration).Add(live);
        builder.Services.AddSingleton<IKeyStore>(agent.Keys);
        builder.Services.AddSingleton<IAgentRegistry>(new InMemoryAgentRegistry([agent.Record, caller.Record()]));
        builder.AddSageHost();
        WebApplication app = builder.Build();
        SageFeatures features = app.Services.GetRequiredService<SageFeatures>();
        app.UseHttpMessageSigning(_ => features.IsEnabled(SageFeatures.ResponseSigning));
        app.MapSageSessions("/messages", (message, _) => ValueTask.FromResult(message.Content));
        map?.Invoke(app);
        await app.StartAsync();
        return new RunningHost(app, live, logs) { Http = { BaseAddress = new Uri($"http://127.0.0.1:{agent.Port}") } };
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Logs.Dispose();
    }
}
