using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// Answers session envelopes, whatever brought them here. It checks them in the order that keeps the cost of strangers low:
/// size, syntax, policy, cookie, freshness, then look-up, signature, replay, and only then keys and the application.
/// </summary>
/// <remarks>
/// Safe from any thread. To the peer every failure of authentication is the same answer; the reason is in the log and the
/// metrics. Every table is bounded and full means refuse. With an <see cref="ISessionStore"/> the sessions live there, encrypted, and
/// a message reaches the application only once the store has noted that its record is used; if it cannot, the record is refused.
/// </remarks>
public sealed class SessionListener : IDisposable
{
    private static readonly TimeSpan EvictionPeriod = TimeSpan.FromSeconds(30);
    private const int EvictionBatch = 1000;

    private readonly SessionContext context;
    private readonly SessionTable sessions;
    private readonly SharedSessions? shared;
    private readonly HandshakeEndpoint handshakes;
    private readonly RecordEndpoint records;
    private readonly ITimer eviction;

    /// <summary>Makes a listener.</summary>
    /// <param name="self">This agent; it needs a key agreement key.</param>
    /// <param name="resolver">Resolves the DIDs of peers.</param>
    /// <param name="nonces">Remembers initiations, so that none is accepted twice.</param>
    /// <param name="options">The settings; <see cref="AgentSessionOptions.Accept"/> must be set.</param>
    /// <param name="timeProvider">The clock; the system's if not given.</param>
    /// <param name="loggerFactory">Where to log; nowhere if not given.</param>
    /// <param name="meterFactory">Where the instruments come from; a static meter if not given.</param>
    /// <param name="sessionStore">
    /// Where the sessions live, so that several processes answer for this agent and a restart ends none; in this process if not given.
    /// </param>
    /// <param name="keyStore">
    /// Needed with a session store: holds the key <see cref="AgentSessionOptions.StateKey"/>, under which sessions are encrypted. The key
    /// is read when it is first needed.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no accept rule or no key agreement key, there is a session store and no key for it, or a setting is out of range.
    /// </exception>
    public SessionListener(
        LocalAgent self,
        IDidResolver resolver,
        INonceStore nonces,
        AgentSessionOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null,
        ISessionStore? sessionStore = null,
        IKeyStore? keyStore = null)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(nonces);
        ArgumentNullException.ThrowIfNull(options);
        if (self.KeyAgreementKey is null)
        {
            throw new ArgumentException("An agent that answers sessions needs a key agreement key: pass the X25519 key of its record to LocalAgent.", nameof(self));
        }

        options = options.ValidatedCopy();
        if (options.Accept is null)
        {
            throw new ArgumentException(AgentSessionOptions.NoAcceptRule, nameof(options));
        }

        if (sessionStore is not null && (keyStore is null || options.StateKey is null))
        {
            throw new ArgumentException(AgentSessionOptions.NoStateKey, keyStore is null ? nameof(keyStore) : nameof(options));
        }

        TimeProvider time = timeProvider ?? TimeProvider.System;
        ILogger logger = (ILogger?)loggerFactory?.CreateLogger<SessionListener>() ?? NullLogger.Instance;
        SessionInstruments instruments = SessionInstruments.Create(meterFactory);
        context = new SessionContext(
            self,
            new PeerLookup(resolver, options.MaxResolutionAge, time, logger),
            options,
            time,
            instruments,
            logger);
        sessions = new SessionTable(options.MaxSessions, sessionStore is null ? options.MaxSessionsPerPeer : int.MaxValue, SessionLimits.Default, time, Ended)
        {
            HoldsCopies = sessionStore is not null,
        };
        if (sessionStore is not null)
        {
            StateKeyRing keys = new(keyStore!, options.StateKey!, self.KeyAgreementKey.PublicKey, time, logger);
            shared = new SharedSessions(context, sessions, new MeteredSessionStore(sessionStore, instruments, time), keys);
        }

        handshakes = new HandshakeEndpoint(context, sessions, shared, nonces);
        records = new RecordEndpoint(context, sessions, shared);

        // Lets keys of sessions that nobody uses any more go without waiting for the next handshake.
        eviction = time.CreateTimer(_ => EvictAll(), null, EvictionPeriod, EvictionPeriod);
    }

    /// <summary>The largest envelope that is read, in bytes. A host refuses larger bodies before it reads them.</summary>
    public int MaxBodySize => context.Options.MaxBodySize;

    internal int SessionCount => sessions.Count;

    /// <summary>Answers one envelope. Never throws for what the envelope holds, nor for what the handler does.</summary>
    /// <param name="request">The envelope and where it came from.</param>
    /// <param name="handler">Answers a decrypted message.</param>
    /// <param name="cancellationToken">Cancelled when the caller is gone; the answer then goes nowhere.</param>
    /// <returns>The answer to send back.</returns>
    public async ValueTask<WireResponse> HandleAsync(SessionRequest request, SessionHandler handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(handler);
        Answer answer = await AnswerAsync(request, handler, cancellationToken).ConfigureAwait(false);
        if (answer.Refusal == Refusal.CookieRequired)
        {
            Log.CookieDemanded(context.Logger, request.RemoteAddress);
        }
        else if (answer.Refusal is { } refusal)
        {
            Log.Refused(context.Logger, request.RemoteAddress, ErrorTypes.Of(refusal));
        }

        return answer.Response;
    }

    /// <summary>
    /// Looks a peer up again and ends those of its sessions that a key opened which no longer counts, although nobody sends. Call it when
    /// something about the peer may have changed. A look-up that fails ends nothing: every record looks again, and then fails.
    /// </summary>
    /// <param name="peer">The peer; one without sessions is not looked up.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask RecheckAsync(AgentDid peer, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> stored = shared is null ? [] : await shared.FindByPeerAsync(peer, cancellationToken).ConfigureAwait(false);
        if (stored.Count == 0 && sessions.Of(peer).Length == 0)
        {
            return;
        }

        PeerLookupResult lookup = await context.Peers.FindAsync(peer, cancellationToken).ConfigureAwait(false);
        foreach (ResponderSession session in sessions.Of(peer).Where(session => lookup.Refutes(session.PeerKey)))
        {
            Log.PeerKeyRevoked(context.Logger, peer);
            sessions.Remove(session, SessionEndReason.Revoked);
        }

        foreach (string kid in stored)
        {
            await shared!.EndIfRefutedAsync(kid, lookup, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Erases every session of this process; those in a store go on elsewhere. Envelopes that arrive later are refused.</summary>
    public void Dispose()
    {
        eviction.Dispose();
        shared?.Dispose();
        sessions.Dispose();
        handshakes.Dispose();
    }

    /// <summary>Reads the keys for the session store now, so that one that is missing is found at start.</summary>
    internal ValueTask LoadKeysAsync(CancellationToken cancellationToken = default) => shared?.LoadKeysAsync(cancellationToken) ?? ValueTask.CompletedTask;

    private async ValueTask<Answer> AnswerAsync(SessionRequest request, SessionHandler handler, CancellationToken cancellationToken)
    {
        if (!WireMessage.TryParse(request.Body, out WireMessage? message, context.Options.MaxBodySize))
        {
            return Answer.Malformed();
        }

        if (SageHeaders.FindMismatch(request.Header, message) is { } header)
        {
            return Answer.HeaderMismatch(message, header);
        }

        try
        {
            if (message.TaskId == HandshakeText.Task)
            {
                return await handshakes.HandleAsync(message, request.RemoteAddress, cancellationToken).ConfigureAwait(false);
            }

            return message.TaskId is null && message.Metadata.TryGetValue(RecordEndpoint.KidName, out string? kid)
                ? await records.HandleAsync(message, kid, handler, cancellationToken).ConfigureAwait(false)
                : Answer.Refused(message, Refusal.Unsupported);
        }
        catch (Exception exception)
        {
            // Nothing of ours or of a plug-in's may surface as a status 500 that tells one failure from another.
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.Failed(context.Logger, exception.GetType(), exception.StackTrace);
            }

            return Answer.Failed(message, Refusal.Other);
        }
    }

    private void EvictAll()
    {
        while (sessions.EvictExpired(EvictionBatch) == EvictionBatch)
        {
            // A batch at a time keeps the table's lock short.
        }

        _ = shared?.RemoveExpiredAsync();
    }

    private void Ended(ResponderSession session, SessionEndReason reason)
    {
        context.Instruments.SessionEnded(SessionRole.Responder, context.TimeProvider.GetElapsedTime(session.Created), reason);
        if (reason != SessionEndReason.Released)
        {
            Log.SessionEnded(context.Logger, session.Peer, reason);
        }
    }
}
