using System.Text;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Support;

/// <summary>An agent that opens sessions with a hosted one, and counts the envelopes that this took.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpSessionTransport transport = new(new EndpointPolicy { AllowLoopback = true, AllowHttp = true });
    private readonly Counting counting;
    private readonly HostedAgent callee;

    public Caller(TestAgent self, HostedAgent callee)
    {
        this.callee = callee;
        counting = new Counting(transport);
        Client = new SessionClient(self.Local, new InMemoryAgentRegistry([callee.Record]), counting);
    }

    public SessionClient Client { get; }

    /// <summary>Opens a session; gives the number of envelopes of its handshake.</summary>
    public async Task<int> HandshakeAsync()
    {
        int before = counting.Sent;
        await using AgentSession session = await Client.OpenAsync(callee.Did);
        return counting.Sent - before;
    }

    public static async Task<string> EchoAsync(AgentSession session, string text)
    {
        SessionMessage reply = await session.RequestAsync(Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(reply.Content.Span);
    }

    public void Dispose() => transport.Dispose();

    private sealed class Counting(ISessionTransport inner) : ISessionTransport
    {
        private int sent;

        public int Sent => Volatile.Read(ref sent);

        public ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref sent);
            return inner.SendAsync(baseUrl, message, cancellationToken);
        }
    }
}
