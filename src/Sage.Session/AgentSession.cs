using System.Diagnostics;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// A private conversation with one agent, in which this side asks. Safe from any thread; one request is under way at a time
/// and others wait, so open several sessions to ask in parallel. Disposing erases the keys.
/// </summary>
/// <remarks>
/// A session that has used up its messages, its hour or its ten idle minutes is renewed by itself before the next request.
/// A request that fails, times out or is cancelled after it was sent closes the session: nobody can tell whether the peer
/// has acted on it.
/// </remarks>
public sealed class AgentSession : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly Uri? baseUrl;
    private readonly SessionContext context;
    private readonly ISessionTransport transport;
    private readonly ClientHandshake handshake;
    private EstablishedSession? current;
    private volatile bool isRevoked;

    internal AgentSession(AgentDid peer, Uri? baseUrl, EstablishedSession established, SessionContext context, ISessionTransport transport, ClientHandshake handshake)
    {
        Peer = peer;
        this.baseUrl = baseUrl;
        this.context = context;
        this.transport = transport;
        this.handshake = handshake;
        current = established;
        context.Instruments.SessionStarted(SessionRole.Initiator);
    }

    /// <summary>The agent at the other end.</summary>
    public AgentDid Peer { get; }

    /// <summary>Whether the session can still be used.</summary>
    public bool IsOpen => Volatile.Read(ref current) is not null && !closing.IsCancellationRequested;

    /// <summary>Sends a message and waits for the reply.</summary>
    /// <param name="message">At most <see cref="AgentSessionOptions.MaxMessageSize"/> bytes; may be empty. Not changed and not kept.</param>
    /// <param name="cancellationToken">Cancels the call; once the message is sent, that closes the session.</param>
    /// <returns>The peer's reply.</returns>
    /// <exception cref="ArgumentException">The message is too large.</exception>
    /// <exception cref="SessionException">There is no reply; <see cref="SessionException.Error"/> says why.</exception>
    public async ValueTask<SessionMessage> RequestAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (message.Length > AgentSessionOptions.MaxMessageSize)
        {
            throw new ArgumentException($"A session message is at most {AgentSessionOptions.MaxMessageSize} bytes.", nameof(message));
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using Activity? span = SessionInstruments.Source.StartActivity(SessionTelemetry.RequestSpan, ActivityKind.Client);
            SessionInstruments.TagPeer(span, Peer, context.Options);
            try
            {
                return await RequestCoreAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                SessionInstruments.MarkFailed(span, ErrorTypes.Of(exception));
                context.Instruments.ReceiveFailed(SessionRole.Initiator, ErrorTypes.Of(exception));
                throw;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the session and erases its keys. A request that is under way is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        Close(SessionEndReason.Closed);
        turn.Release();
    }

    /// <summary>Closes the session if a look-up says that the key which opened it no longer counts.</summary>
    internal async ValueTask EndIfRefutedAsync(PeerLookupResult lookup)
    {
        if (Volatile.Read(ref current) is not { } session || !lookup.Refutes(session.PeerKey))
        {
            return;
        }

        Log.PeerKeyRevoked(context.Logger, Peer);
        isRevoked = true;
        await closing.CancelAsync().ConfigureAwait(false);
        await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        Close(SessionEndReason.Revoked);
        turn.Release();
    }

    private async ValueTask<SessionMessage> RequestCoreAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        bool sent = false;
        bool answered = false;
        try
        {
            bool renewed = await RenewIfUsedUpAsync(linked.Token).ConfigureAwait(false);
            using Deadline deadline = new(context.Options.Timeout, context.TimeProvider, linked.Token);
            EstablishedSession session = current ?? throw Closed();
            if (!renewed)
            {
                await CheckPeerAsync(session, deadline.Token).ConfigureAwait(false);
            }

            WireMessage envelope = await SealAsync(session, message, deadline.Token).ConfigureAwait(false);
            sent = true;
            context.Instruments.Sent(SessionRole.Initiator, message.Length, envelope.Payload.Span);
            WireResponse response = await transport.SendAsync(session.BaseUrl, envelope, deadline.Token).ConfigureAwait(false);
            SessionMessage reply = Open(session, response);
            answered = true;
            return reply;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw closing.IsCancellationRequested
                ? Closed()
                : new SessionException(SessionError.Unreachable, "The peer did not answer in time.", exception);
        }
        finally
        {
            if (sent && !answered)
            {
                // The peer may have acted on it; sending anything more under these keys could repeat or reorder that.
                Close(isRevoked ? SessionEndReason.Revoked : SessionEndReason.Error);
            }
        }
    }

    /// <summary>Replaces a session without a message or time left by a new one.</summary>
    private async ValueTask<bool> RenewIfUsedUpAsync(CancellationToken cancellationToken)
    {
        EstablishedSession session = !closing.IsCancellationRequested && current is { } open ? open : throw Closed();

        // A request takes one message and its reply another.
        if (session.Cipher.MessagesRemaining >= 2 && !session.Cipher.IsExpired)
        {
            return false;
        }

        EstablishedSession renewed = await handshake.OpenAsync(Peer, baseUrl, cancellationToken).ConfigureAwait(false);
        Close(SessionEndReason.Expired);
        current = renewed;
        context.Instruments.SessionStarted(SessionRole.Initiator);
        return true;
    }

    private async ValueTask CheckPeerAsync(EstablishedSession session, CancellationToken cancellationToken)
    {
        PeerLookupResult lookup = await context.Peers.FindAsync(Peer, cancellationToken).ConfigureAwait(false);
        if (lookup.Status is PeerLookupStatus.TooOld or PeerLookupStatus.Unreachable)
        {
            throw lookup.ToException();
        }

        if (lookup.Peer is not { } peer || !peer.IsUsable(session.PeerKey))
        {
            Log.PeerKeyRevoked(context.Logger, Peer);
            Close(SessionEndReason.Revoked);
            throw Revoked();
        }
    }

    private async ValueTask<WireMessage> SealAsync(EstablishedSession session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        byte[] record = new byte[message.Length + SessionCipher.Overhead];
        try
        {
            session.Cipher.Seal(message.Span, default, record);
        }
        catch (InvalidOperationException exception)
        {
            throw new SessionException(SessionError.Closed, "The session reached its end while the request was prepared.", exception);
        }

        byte[] signature = await context.Self.Signer
            .SignAsync(SigningPurpose.SessionRecord, record, cancellationToken).ConfigureAwait(false);
        return WireMessage.Create(
            RandomText.Uuid(),
            context.Self.Did.Value,
            record,
            signature,
            session.Context,
            taskId: null,
            ClientHandshake.Role,
            new Dictionary<string, string> { [RecordEndpoint.KidName] = session.Kid });
    }

    private SessionMessage Open(EstablishedSession session, WireResponse response)
    {
        if (!response.Success)
        {
            throw new SessionException(SessionError.Refused, "The peer refused the request; the session is closed.");
        }

        if (response.Data.Length is < SessionCipher.Overhead or > AgentSessionOptions.MaxMessageSize + SessionCipher.Overhead)
        {
            throw new SessionException(SessionError.InvalidResponse, "The peer's reply is not a record; the session is closed.");
        }

        byte[] plaintext = new byte[response.Data.Length - SessionCipher.Overhead];
        if (session.Cipher.TryOpen(response.Data.Span, default, plaintext, out _) != RecordResult.Opened)
        {
            throw new SessionException(SessionError.AuthenticationFailed, "The peer's reply does not open; the session is closed.");
        }

        context.Instruments.Received(SessionRole.Initiator, plaintext.Length, response.Data.Span);
        return new SessionMessage(Peer, plaintext);
    }

    private void Close(SessionEndReason reason)
    {
        if (Interlocked.Exchange(ref current, null) is not { } session)
        {
            return;
        }

        session.Dispose();
        context.Instruments.SessionEnded(SessionRole.Initiator, context.TimeProvider.GetElapsedTime(session.Started), reason);
        Log.SessionEnded(context.Logger, Peer, reason);
    }

    private SessionException Closed() =>
        isRevoked ? Revoked() : new(SessionError.Closed, "The session is closed; open a new one.");

    private static SessionException Revoked() =>
        new(SessionError.PeerKeyRevoked, "The key that proved the peer's identity is no longer usable; the session is closed.");
}
