using System.Diagnostics;

namespace Sage.Session;

/// <summary>
/// Answers a record (SAGE profile P1 §5.6): the session by its handle, then context, sender and signature, then whether the
/// sender's key still counts, and only then the cipher and the application.
/// </summary>
internal sealed class RecordEndpoint(SessionContext context, SessionTable sessions, SharedSessions? shared)
{
    public const string KidName = "kid";

    public async ValueTask<Answer> HandleAsync(WireMessage message, string kid, SessionHandler handler, CancellationToken cancellationToken)
    {
        using Activity? span = SessionInstruments.Source.StartActivity(SessionTelemetry.ProcessSpan, ActivityKind.Server);
        Answer answer = await AnswerAsync(message, kid, handler, span, cancellationToken).ConfigureAwait(false);
        if (answer.Refusal is { } refusal)
        {
            SessionInstruments.MarkFailed(span, ErrorTypes.Of(refusal));
            context.Instruments.ReceiveFailed(SessionRole.Responder, ErrorTypes.Of(refusal));
        }

        return answer;
    }

    private async ValueTask<Answer> AnswerAsync(WireMessage message, string kid, SessionHandler handler, Activity? span, CancellationToken cancellationToken)
    {
        Refusal? failure = null;
        ResponderSession? session;
        if (shared is null)
        {
            sessions.TryFind(kid, out session);
        }
        else
        {
            (session, failure) = await shared.FindAsync(kid, cancellationToken).ConfigureAwait(false);
        }

        if (session is null || message.ContextId != session.Context)
        {
            return Answer.Refused(message, failure ?? Refusal.SessionNotFound);
        }

        if (message.Did != session.Peer.Value)
        {
            return Answer.Refused(message, Refusal.PeerMismatch);
        }

        if (message.Payload.Length is < SessionCipher.Overhead or > AgentSessionOptions.MaxMessageSize + SessionCipher.Overhead)
        {
            return Answer.Refused(message, Refusal.RecordRejected);
        }

        if (!session.PeerKey.Verify(message.Payload.Span, message.Signature.Span))
        {
            return Answer.Refused(message, Refusal.SignatureMismatch);
        }

        SessionInstruments.TagPeer(span, session.Peer, context.Options);
        if (await CheckPeerAsync(session, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            return Answer.Refused(message, refusal);
        }

        byte[] plaintext = new byte[message.Payload.Length - SessionCipher.Overhead];
        ulong? number = null;
        if (shared is null)
        {
            failure = Open(session, message.Payload.Span, plaintext);
        }
        else
        {
            (failure, number) = await shared.AcceptAsync(session, message.Payload, plaintext, cancellationToken).ConfigureAwait(false);
        }

        if (failure is { } reason)
        {
            return Answer.Refused(message, reason);
        }

        sessions.Touch(session);
        context.Instruments.Received(SessionRole.Responder, plaintext.Length, message.Payload.Span);
        return await ReplyAsync(message, session, new SessionMessage(session.Peer, plaintext), number, handler, cancellationToken).ConfigureAwait(false);
    }

    private Refusal? Open(ResponderSession session, ReadOnlySpan<byte> record, Span<byte> plaintext)
    {
        // A record takes one message and its reply another.
        if (session.Cipher.MessagesRemaining < 2)
        {
            sessions.Remove(session, SessionEndReason.Expired);
            return Refusal.SessionExhausted;
        }

        return session.Cipher.TryOpen(record, default, plaintext, out _) switch
        {
            RecordResult.Opened => null,
            RecordResult.Replayed => Refusal.Replayed,
            _ => Refusal.RecordRejected,
        };
    }

    /// <summary>Whether the key that opened the session still speaks for an active agent; if it does not, the session ends.</summary>
    private async ValueTask<Refusal?> CheckPeerAsync(ResponderSession session, CancellationToken cancellationToken)
    {
        PeerLookupResult lookup = await context.Peers.FindAsync(session.Peer, cancellationToken).ConfigureAwait(false);
        if (lookup.Status is PeerLookupStatus.TooOld or PeerLookupStatus.Unreachable)
        {
            return lookup.Refusal;
        }

        if (lookup.Peer is { } peer && peer.IsUsable(session.PeerKey))
        {
            return null;
        }

        Log.PeerKeyRevoked(context.Logger, session.Peer);
        await EndAsync(session, SessionEndReason.Revoked, cancellationToken).ConfigureAwait(false);
        return Refusal.KeyRevoked;
    }

    private async ValueTask<Answer> ReplyAsync(
        WireMessage message, ResponderSession session, SessionMessage request, ulong? number, SessionHandler handler, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> reply;
        try
        {
            reply = await handler(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.HandlerFailed(context.Logger, exception.GetType(), exception.StackTrace);
            }

            return Answer.Failed(message, Refusal.HandlerFailed);
        }

        if (reply.Length > AgentSessionOptions.MaxMessageSize)
        {
            Log.ReplyTooLarge(context.Logger, reply.Length);
            return Answer.Failed(message, Refusal.HandlerFailed);
        }

        byte[] record = new byte[reply.Length + SessionCipher.Overhead];
        try
        {
            if (number is { } reserved)
            {
                session.Cipher.SealReserved(reserved, reply.Span, record);
            }
            else
            {
                session.Cipher.Seal(reply.Span, default, record);
            }
        }
        catch (InvalidOperationException)
        {
            // The session reached a limit, or was closed, while the handler was at work.
            sessions.Remove(session, shared is null ? SessionEndReason.Expired : SessionEndReason.Released);
            return Answer.Failed(message, Refusal.SessionExhausted);
        }

        sessions.Touch(session);
        context.Instruments.Sent(SessionRole.Responder, reply.Length, record);
        if (session.Cipher.MessagesRemaining < 2)
        {
            await EndAsync(session, SessionEndReason.Expired, cancellationToken).ConfigureAwait(false);
        }

        return Answer.Success(message, record);
    }

    private ValueTask EndAsync(ResponderSession session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        if (shared is not null)
        {
            return shared.EndAsync(session, reason, cancellationToken);
        }

        sessions.Remove(session, reason);
        return ValueTask.CompletedTask;
    }
}
