using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

/// <summary>A caller and a callee in one process, on a clock that the test moves.</summary>
internal sealed class TestPair : IDisposable
{
    private readonly IMeterFactory? meterFactory;
    private SessionListener? listener;

    public TestPair(KeyAlgorithm? algorithm = null, Action<AgentSessionOptions>? configure = null, IMeterFactory? meterFactory = null)
    {
        Caller = new TestAgent(algorithm);
        Callee = new TestAgent(algorithm);
        Directory = new TestDirectory(Time);
        Directory.Publish(Caller, Callee);
        Nonces = new TestNonceStore(Time);
        this.meterFactory = meterFactory;
        Options = new AgentSessionOptions { Accept = AcceptRule.Anyone };
        configure?.Invoke(Options);
        Handler = Echo;
        Transport = new LoopTransport(Listener, (message, token) => Handler(message, token));
        Client = new SessionClient(Caller.Local, Directory, Transport, Options, Time, Logs, meterFactory);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));

    public TestAgent Caller { get; }

    public TestAgent Callee { get; }

    public TestDirectory Directory { get; }

    public TestNonceStore Nonces { get; }

    public AgentSessionOptions Options { get; }

    public CapturingLoggerFactory Logs { get; } = new();

    public SessionHandler Handler { get; set; }

    public LoopTransport Transport { get; }

    public SessionClient Client { get; }

    /// <summary>Who answers for the callee now.</summary>
    public SessionListener Listener
    {
        get => listener ??= new SessionListener(Callee.Local, Directory, Nonces, Options, Time, Logs, meterFactory);
        set => listener = value;
    }

    public static ValueTask<ReadOnlyMemory<byte>> Echo(SessionMessage message, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>((byte[])[.. "echo:"u8, .. message.Content.Span]);

    public ValueTask<WireResponse> SendAsync(byte[] body, string remoteAddress = "192.0.2.1", Func<string, string?>? header = null) =>
        Listener.HandleAsync(new SessionRequest(body, remoteAddress, header), Handler);

    /// <summary>An honest initiation by the caller, to be changed.</summary>
    public Initiation Initiation(string? context = null) => new(Caller, Callee, Time, context);

    public static async Task<string> AskAsync(AgentSession session, string text) =>
        Encoding.UTF8.GetString((await session.RequestAsync(Encoding.UTF8.GetBytes(text))).Content.Span);

    public void Dispose()
    {
        listener?.Dispose();
        Caller.Dispose();
        Callee.Dispose();
    }
}
