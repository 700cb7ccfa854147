using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sage.Did;
using Sage.HttpSignatures;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Kestrel on loopback with the authentication scheme, and an agent in its registry.</summary>
internal sealed class SignedApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private SignedApi(WebApplication app, FakeTimeProvider clock, CapturingLoggerFactory logs)
    {
        this.app = app;
        Clock = clock;
        Logs = logs;
    }

    public FakeTimeProvider Clock { get; }

    public CapturingLoggerFactory Logs { get; }

    public SigningAgent Agent { get; } = new();

    public Uri Url => new(app.Urls.First());

    /// <summary>The same application over HTTP/2 without TLS.</summary>
    public Uri Http2Url => new(app.Urls.Last());

    public IAgentRegistry Registry => app.Services.GetRequiredService<IAgentRegistry>();

    public HttpMessageSigner Signer => Agent.Signer(Clock);

    public static async Task<SignedApi> StartAsync(
        Action<WebApplication> map,
        Action<HttpSignatureOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null)
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        CapturingLoggerFactory logs = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSage().AddInMemoryRegistry();
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature(configure ?? (_ => { }));
        build?.Invoke(builder);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        map(app);
        SignedApi api = new(app, clock, logs);
        await app.StartAsync();
        await api.Agent.RegisterAsync(api.Registry, clock);
        return api;
    }

    public RawRequest Request(string target = "/", string method = "GET", string? body = null) => new(Url, target, method, body);

    public async Task<int> SendSignedAsync(RawRequest request) => (await (await request.SignAsync(Signer)).SendAsync()).Status;

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        Agent.Dispose();
    }
}
