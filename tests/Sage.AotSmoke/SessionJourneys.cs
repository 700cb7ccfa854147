using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AotSmoke;

internal static class SessionJourneys
{
    public static async Task InMemoryAsync()
    {
        using Agent alice = new();
        using Agent bob = new();
        InMemoryAgentRegistry registry = new();
        await alice.RegisterAsync(registry, "https://alice.example/agent");
        await bob.RegisterAsync(registry, "https://bob.example/agent");
        using SessionListener listener = new(bob.Local, registry, new InMemoryNonceStore(), new AgentSessionOptions { Accept = AcceptRule.Dids(alice.Did) });
        SessionClient client = new(alice.Local, registry, new DirectTransport(listener, EchoAsync));

        // The second session is opened by the first when that has carried its thousand messages.
        await using AgentSession session = await client.OpenAsync(bob.Did);
        for (int i = 0; i < 600; i++)
        {
            SessionMessage reply = await session.RequestAsync(Encoding.UTF8.GetBytes($"message {i}"));
            Check.That(Encoding.UTF8.GetString(reply.Content.Span) == $"echo:message {i}" && reply.Peer == bob.Did, "a message is answered");
        }
    }

    public static async Task OverHttpAsync()
    {
        using Agent alice = new();
        using Agent bob = new();
        InMemoryAgentRegistry registry = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Sage:Did"] = bob.Did.Value;
        builder.Services.AddSingleton<IDidResolver>(registry);
        builder.Services.AddSage(builder.Configuration.GetSection("Sage"))
            .AddAgent(bob.Local)
            .AddSessions(options => options.Accept = AcceptRule.Anyone);
        await using WebApplication app = builder.Build();
        app.MapSageSessions("/messages", EchoAsync);
        await app.StartAsync();
        Check.That(app.Services.GetRequiredService<IOptions<SageOptions>>().Value.Did == bob.Did.Value, "configuration is bound");

        await alice.RegisterAsync(registry, "https://alice.example/agent");
        await bob.RegisterAsync(registry, app.Urls.Single());
        AgentSessionOptions options = new() { Endpoints = new EndpointPolicy { AllowHttp = true, AllowLoopback = true } };
        using HttpSessionTransport transport = new(options.Endpoints);
        SessionClient client = new(alice.Local, registry, transport, options);
        await using AgentSession session = await client.OpenAsync(bob.Did);
        SessionMessage reply = await session.RequestAsync("over HTTP"u8.ToArray());
        Check.That(Encoding.UTF8.GetString(reply.Content.Span) == "echo:over HTTP", "a message is answered over HTTP");
        await app.StopAsync();
    }

    private static ValueTask<ReadOnlyMemory<byte>> EchoAsync(SessionMessage message, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>((byte[])[.. "echo:"u8, .. message.Content.Span]);

    /// <summary>Hands envelopes to a listener as bytes, without a network.</summary>
    private sealed class DirectTransport(SessionListener listener, SessionHandler handler) : ISessionTransport
    {
        public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
        {
            WireResponse answer = await listener.HandleAsync(new SessionRequest(message.ToJson(), "127.0.0.1"), handler, cancellationToken);
            Check.That(WireResponse.TryParse(answer.ToJson(), out WireResponse? read), "an answer reads");
            return read!;
        }
    }
}
