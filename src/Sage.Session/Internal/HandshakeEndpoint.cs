using System.Diagnostics;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// Answers an initiation (SAGE profile P1 §4.6). The steps are in order of cost, and of what a stranger must have shown to
/// get there; nothing is kept of an initiation that fails, and of one that repeats only what was kept before.
/// </summary>
internal sealed class HandshakeEndpoint(SessionContext context, SessionTable sessions, SharedSessions? shared, INonceStore nonces) : IDisposable
{
    // The profile's ten minutes, counted from the later clock; longer than an initiation is accepted.
    private static readonly TimeSpan NonceLifetime = TimeSpan.FromMinutes(10);

    private readonly CookieJar cookies = new(context.TimeProvider);
    private readonly LoadMeter load = new(context.TimeProvider);
    private readonly RateLimiter addresses = new(context.Options.HandshakesPerSecondPerAddress, context.TimeProvider);
    private readonly RateLimiter peers = new(context.Options.HandshakesPerSecondPerDid, context.TimeProvider);

    public async ValueTask<Answer> HandleAsync(WireMessage message, string remoteAddress, CancellationToken cancellationToken)
    {
        using Activity? span = SessionInstruments.Source.StartActivity(SessionTelemetry.HandshakeResponderSpan, ActivityKind.Server);
        long started = context.TimeProvider.GetTimestamp();
        Answer answer = CheckBeforeLookup(message, remoteAddress, out InitiationPayload? payload)
            ?? await AcceptAsync(message, payload!, span, cancellationToken).ConfigureAwait(false);
        string? errorType = answer.Refusal is { } refusal ? ErrorTypes.Of(refusal) : null;
        if (errorType is not null && answer.Refusal != Refusal.CookieRequired)
        {
            SessionInstruments.MarkFailed(span, errorType);
        }

        context.Instruments.HandshakeEnded(SessionRole.Responder, context.TimeProvider.GetElapsedTime(started), errorType);
        return answer;
    }

    public void Dispose() => cookies.Dispose();

    /// <summary>Everything that needs no look-up, no public-key operation and no state of this peer.</summary>
    private Answer? CheckBeforeLookup(WireMessage message, string remoteAddress, out InitiationPayload? payload)
    {
        payload = null;
        if (!addresses.TryTake(RemoteAddress.RateKey(remoteAddress)))
        {
            return Answer.Refused(message, Refusal.RateLimited);
        }

        if (!InitiationPayload.TryParse(message.Payload, out payload))
        {
            return Answer.Refused(message, Refusal.Malformed);
        }

        HandshakeError error = HandshakeResponder.Check(payload, message.ContextId, message.Did, context.Self.Did.Value, context.TimeProvider.GetUtcNow());
        if (error is not (HandshakeError.None or HandshakeError.NotFresh))
        {
            return Answer.Refused(message, Refusal.ContextMismatch);
        }

        bool overloaded = load.Count() > context.Options.CookieThreshold;
        if (overloaded || context.Options.RequireCookie || context.Options.RequireCookieWhen?.Invoke() == true)
        {
            CookieSubject subject = new(payload.Initiator, payload.Responder, message.ContextId!, remoteAddress);
            if (!message.Metadata.TryGetValue(CookieChallenge.MetadataName, out string? cookie) || !cookies.Accepts(cookie, subject))
            {
                return Answer.CookieDemanded(message, cookies.Create(subject));
            }
        }

        return error == HandshakeError.NotFresh ? Answer.Refused(message, Refusal.Expired) : null;
    }

    private async ValueTask<Answer> AcceptAsync(WireMessage message, InitiationPayload payload, Activity? span, CancellationToken cancellationToken)
    {
        if (!AgentDid.TryParse(message.Did, out AgentDid did))
        {
            return Answer.Refused(message, Refusal.PeerNotFound);
        }

        PeerLookupResult lookup = await context.Peers.FindAsync(did, cancellationToken).ConfigureAwait(false);
        if (lookup.Peer is not { } peer)
        {
            return Answer.Refused(message, lookup.Refusal);
        }

        if (peer.HandshakeSigningKey is not { } signingKey)
        {
            return Answer.Refused(message, Refusal.PeerNotUsable);
        }

        if (!signingKey.Verify(message.Payload.Span, message.Signature.Span))
        {
            return Answer.Refused(message, Refusal.SignatureMismatch);
        }

        SessionInstruments.TagPeer(span, did, context.Options);
        // A replayed initiation is refused before it counts, so that nobody but the peer itself can use up its rate.
        Refusal? refusal =
            !IsAccepted(peer) ? Refusal.NotAccepted
            : await ConsumeNonceAsync(message, payload, cancellationToken).ConfigureAwait(false)
            ?? (!peers.TryTake(did.Value) ? Refusal.RateLimited
            : shared is not null || sessions.HasRoom(did) ? null : Refusal.Capacity);
        if (refusal == Refusal.Capacity)
        {
            Log.Full(context.Logger, did);
        }

        return refusal is { } reason
            ? Answer.Refused(message, reason)
            : await CreateSessionAsync(message, payload, did, signingKey, cancellationToken).ConfigureAwait(false);
    }

    private bool IsAccepted(DidResolution peer)
    {
        try
        {
            return context.Options.Accept!.Accepts(peer);
        }
        catch (Exception exception)
        {
            Log.AcceptRuleFailed(context.Logger, exception.GetType(), exception.StackTrace);
            return false;
        }
    }

    private async ValueTask<Refusal?> ConsumeNonceAsync(WireMessage message, InitiationPayload payload, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.TimeProvider.GetUtcNow();
        DateTimeOffset until = (payload.Timestamp > now ? payload.Timestamp : now) + NonceLifetime;

        // The verified initiator is part of the scope, so that one peer can fill only its own share of the memory.
        string scope = $"{payload.Responder} {payload.Initiator}";
        try
        {
            return await nonces.TryConsumeAsync(scope, $"{message.ContextId}|{payload.Nonce}", until, cancellationToken).ConfigureAwait(false) switch
            {
                NonceResult.Accepted => null,
                NonceResult.Replayed => Refusal.Replayed,
                _ => Refusal.StoreFull,
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NonceStoreFailed(context.Logger, exception);
            return Refusal.StoreFailed;
        }
    }

    private async ValueTask<Answer> CreateSessionAsync(
        WireMessage message, InitiationPayload payload, AgentDid did, PublicKey signingKey, CancellationToken cancellationToken)
    {
        if (!HandshakeResponder.TryCreate(payload, message.ContextId!, context.Self.KeyAgreementKey!, context.TimeProvider, out HandshakeResponder? handshake))
        {
            return Answer.Refused(message, Refusal.KeyAgreement);
        }

        using (handshake)
        {
            byte[] signature;
            try
            {
                signature = await context.Self.Signer
                    .SignAsync(SigningPurpose.HandshakeResponse, handshake.SignedBytes, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.SignerFailed(context.Logger, exception);
                return Answer.Failed(message, Refusal.SignerFailed);
            }

            byte[] completion = handshake.Finish(signature, out SessionCipher cipher);
            ResponderSession session = new(handshake.Kid, message.ContextId!, did, signingKey, cipher, context.TimeProvider.GetTimestamp());
            Refusal? refusal = shared is not null ? await shared.TryAddAsync(session, cancellationToken).ConfigureAwait(false)
                : sessions.TryAdd(session) ? null : Refusal.Capacity;
            if (refusal is { } reason)
            {
                cipher.Dispose();
                if (reason == Refusal.Capacity)
                {
                    Log.Full(context.Logger, did);
                }

                return Answer.Refused(message, reason);
            }

            context.Instruments.SessionStarted(SessionRole.Responder);
            Log.SessionOpened(context.Logger, did);
            return Answer.Success(message, completion);
        }
    }
}
