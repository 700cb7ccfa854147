using Microsoft.AspNetCore.Builder;
using Sage.Crypto;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests;

/// <summary>An agent behind Kestrel on loopback, and another one that calls it.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly TestHost host;
    private readonly HttpSessionTransport transport = new(new EndpointPolicy { AllowLoopback = true, AllowHttp = true });

    private TestService(TestAgent caller, TestAgent callee, TestDirectory directory, SessionListener listener, TestHost host, CapturingLoggerFactory logs)
    {
        Caller = caller;
        Callee = callee;
        Listener = listener;
        this.host = host;
        Logs = logs;
        Client = new SessionClient(caller.Local, directory, transport);
    }

    public TestAgent Caller { get; }

    public TestAgent Callee { get; }

    public SessionListener Listener { get; }

    public CapturingLoggerFactory Logs { get; }

    public SessionClient Client { get; }

    public Uri Messages => new(host.Url, "/messages");

    public static async Task<TestService> StartAsync(KeyAlgorithm? algorithm = null, SessionHandler? handler = null, Action<AgentSessionOptions>? configure = null, bool withLogs = true)
    {
        TestDirectory directory = new(TimeProvider.System);
        TestAgent caller = new(algorithm);
        TestAgent callee = new(algorithm);
        CapturingLoggerFactory logs = new();
        AgentSessionOptions options = new() { Accept = AcceptRule.Anyone };
        configure?.Invoke(options);
        SessionListener listener = new(callee.Local, directory, new InMemoryNonceStore(), options, loggerFactory: withLogs ? logs : null);
        TestHost host = await TestHost.StartAsync(app => app.MapSageSessions("/messages", listener, handler ?? Echo), withLogs ? logs : null);
        callee.Endpoint = host.Url.ToString();
        directory.Publish(caller, callee);
        return new TestService(caller, callee, directory, listener, host, logs);
    }

    public static ValueTask<ReadOnlyMemory<byte>> Echo(SessionMessage message, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>((byte[])[.. "echo:"u8, .. message.Content.Span]);

    /// <summary>An honest initiation by the caller, to be changed.</summary>
    public Initiation Initiation() => new(Caller, Callee, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        transport.Dispose();
        await host.DisposeAsync();
        Listener.Dispose();
        Caller.Dispose();
        Callee.Dispose();
    }
}
