using System.Text;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>
/// A session whose client goes on after a request of unknown outcome, as <see cref="AgentSession"/> never does: only so does it come to
/// light if a node uses a number again that another one had reserved. One request at a time.
/// </summary>
internal sealed class SteadySession : IDisposable
{
    private static int messages;

    private readonly LocalAgent self;
    private readonly SessionCipher cipher;
    private readonly string kid;
    private readonly string context;

    private SteadySession(LocalAgent self, SessionCipher cipher, string kid, string context)
    {
        this.self = self;
        this.cipher = cipher;
        this.kid = kid;
        this.context = context;
    }

    public static async Task<SteadySession> OpenAsync(LocalAgent self, AgentRecord peer, ISessionTransport transport)
    {
        DidResolution resolution = await new InMemoryAgentRegistry([peer]).ResolveAsync(peer.Did);
        using HandshakeInitiator handshake = new(self.Did.Value, peer.Did.Value, resolution.KeyAgreementKey!, TimeProvider.System);
        byte[] payload = handshake.CreatePayload();
        byte[] signature = await self.Signer.SignAsync(SigningPurpose.HandshakeInitiation, payload);
        WireMessage initiation = WireMessage.Create(
            $"message {Interlocked.Increment(ref messages)}", self.Did.Value, payload, signature, handshake.Context, HandshakeText.Task, ClientHandshake.Role);
        WireResponse response = await transport.SendAsync(new Uri("http://127.0.0.1"), initiation);
        Assert.That(response.Success, Is.True, response.Error);
        Assert.That(handshake.TryComplete(response.Data, resolution.HandshakeSigningKey!, out SessionCipher? cipher, out string? kid, out _));
        return new SteadySession(self, cipher!, kid!, handshake.Context);
    }

    /// <summary>The envelope of the next record.</summary>
    public async Task<WireMessage> SealAsync(string message)
    {
        byte[] plaintext = Encoding.UTF8.GetBytes(message);
        byte[] record = new byte[plaintext.Length + SessionCipher.Overhead];
        cipher.Seal(plaintext, default, record);
        byte[] signature = await self.Signer.SignAsync(SigningPurpose.SessionRecord, record);
        return WireMessage.Create(
            $"message {Interlocked.Increment(ref messages)}", self.Did.Value, record, signature, context, taskId: null, ClientHandshake.Role, new Dictionary<string, string> { [RecordEndpoint.KidName] = kid });
    }

    public string Open(WireResponse response)
    {
        byte[] plaintext = new byte[response.Data.Length - SessionCipher.Overhead];
        Assert.That(cipher.TryOpen(response.Data.Span, default, plaintext, out _), Is.EqualTo(RecordResult.Opened));
        return Encoding.UTF8.GetString(plaintext);
    }

    /// <summary>
    /// Sends the next record; when a node breaks off, the very same record goes to the next one. The reply, or null if that one refuses
    /// it: then the other had noted it.
    /// </summary>
    public async Task<string?> RequestAsync(ISessionTransport transport, string message)
    {
        WireMessage envelope = await SealAsync(message);
        WireResponse response;
        try
        {
            response = await transport.SendAsync(new Uri("http://127.0.0.1"), envelope);
        }
        catch (SessionException exception) when (exception.Error == SessionError.Unreachable)
        {
            response = await transport.SendAsync(new Uri("http://127.0.0.1"), envelope);
        }

        return response.Success ? Open(response) : null;
    }

    public void Dispose() => cipher.Dispose();
}
