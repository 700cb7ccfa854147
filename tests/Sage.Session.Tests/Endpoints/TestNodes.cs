using System.Text;
using Sage.Crypto;
using Sage.Tests.Contracts;

namespace Sage.Session.Tests.Endpoints;

/// <summary>One agent on several nodes: listeners that share a store of sessions and a key for it, and nothing else.</summary>
internal sealed class TestNodes : IDisposable
{
    public const string KeyName = "session-state";

    private readonly List<SessionListener> nodes = [];

    public TestNodes(KeyAlgorithm? algorithm = null, Action<AgentSessionOptions>? configure = null, int capacity = 1000, int capacityPerPeer = 1000)
    {
        Pair = new TestPair(algorithm, options =>
        {
            options.StateKey = KeyName;
            configure?.Invoke(options);
        });
        Memory = new MemorySessionStore(Pair.Time, capacity, capacityPerPeer);
        Store = new TestSessionStore(Memory);
        Keys = new MemoryKeyStore(Pair.Time);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        Keys.AddAsync(KeyName, key).AsTask().GetAwaiter().GetResult();
        A = Start();
        B = Start();
        Pair.Listener = A;
    }

    public TestPair Pair { get; }

    public MemorySessionStore Memory { get; }

    public TestSessionStore Store { get; }

    public MemoryKeyStore Keys { get; }

    public SessionListener A { get; }

    public SessionListener B { get; }

    /// <summary>The messages that reached the application, on any node.</summary>
    public List<string> Delivered { get; } = [];

    /// <summary>Starts one more node; the test, or the end of it, stops it.</summary>
    public SessionListener Start(ISessionStore? store = null)
    {
        SessionListener node = new(
            Pair.Callee.Local, Pair.Directory, new TestNonceStore(Pair.Time), Pair.Options, Pair.Time, Pair.Logs, null, store ?? Store, Keys);
        nodes.Add(node);
        return node;
    }

    public Task<OpenRecordSession> OpenAsync(TestAgent? owner = null) => OpenRecordSession.OpenAsync(Pair, owner);

    public async Task<WireResponse> SendAsync(SessionListener node, OpenRecordSession session, byte[] record, SessionHandler? handler = null)
    {
        byte[] body = Encoding.UTF8.GetBytes(Initiation.Text(session.Envelope(record)));
        return await node.HandleAsync(new SessionRequest(body, "192.0.2.1"), handler ?? DeliverAsync);
    }

    /// <summary>Sends a message and reads the echo; returns the number of the reply.</summary>
    public async Task<ulong> AskAsync(SessionListener node, OpenRecordSession session, string text)
    {
        WireResponse answer = await SendAsync(node, session, session.Seal(text));
        ulong number = NumberOf(answer);
        Assert.That(session.Open(answer), Is.EqualTo("echo:" + text));
        return number;
    }

    public static ulong NumberOf(WireResponse answer)
    {
        Assert.That(answer.Success, Is.True, answer.Error);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(answer.Data.Span);
    }

    public ValueTask<ReadOnlyMemory<byte>> DeliverAsync(SessionMessage message, CancellationToken cancellationToken)
    {
        lock (Delivered)
        {
            Delivered.Add(Encoding.UTF8.GetString(message.Content.Span));
        }

        return TestPair.Echo(message, cancellationToken);
    }

    public void Dispose()
    {
        foreach (SessionListener node in nodes)
        {
            node.Dispose();
        }

        Keys.Dispose();
        Pair.Dispose();
    }
}
