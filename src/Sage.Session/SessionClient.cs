using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Did;

namespace Sage.Session;

/// <summary>Opens sessions with other agents. Safe from any thread.</summary>
public sealed class SessionClient
{
    private readonly SessionContext context;
    private readonly ISessionTransport transport;
    private readonly ClientHandshake handshake;

    // Holds no session that its user has forgotten.
    private readonly ConditionalWeakTable<AgentSession, object?> open = [];

    /// <summary>Makes a client.</summary>
    /// <param name="self">This agent.</param>
    /// <param name="resolver">Resolves the DIDs of peers.</param>
    /// <param name="transport">Carries the envelopes; the caller disposes it.</param>
    /// <param name="options">The settings; the defaults if not given.</param>
    /// <param name="timeProvider">The clock; the system's if not given.</param>
    /// <param name="loggerFactory">Where to log; nowhere if not given.</param>
    /// <param name="meterFactory">Where the instruments come from; a static meter if not given.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public SessionClient(
        LocalAgent self,
        IDidResolver resolver,
        ISessionTransport transport,
        AgentSessionOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(transport);
        AgentSessionOptions copy = (options ?? new AgentSessionOptions()).ValidatedCopy();
        TimeProvider time = timeProvider ?? TimeProvider.System;
        ILogger logger = (ILogger?)loggerFactory?.CreateLogger<SessionClient>() ?? NullLogger.Instance;
        context = new SessionContext(
            self,
            new PeerLookup(resolver, copy.MaxResolutionAge, time, logger),
            copy,
            time,
            SessionInstruments.Create(meterFactory),
            logger);
        this.transport = transport;
        handshake = new ClientHandshake(context, transport);
    }

    // Both overloads end in the same optional token, as the framework's do.
#pragma warning disable RS0026
    /// <summary>Opens a session with an agent at the endpoint of its record.</summary>
    /// <param name="peer">The agent.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The session; both sides have proven who they are.</returns>
    /// <exception cref="SessionException">There is no session; <see cref="SessionException.Error"/> says why.</exception>
    public ValueTask<AgentSession> OpenAsync(AgentDid peer, CancellationToken cancellationToken = default) =>
        OpenCoreAsync(peer, null, cancellationToken);

    /// <summary>Opens a session with an agent at another address than its record says; who answers must still be that agent.</summary>
    /// <param name="peer">The agent.</param>
    /// <param name="baseUrl">The base URL; its path is kept. Renewals go there too.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The session; both sides have proven who they are.</returns>
    /// <exception cref="SessionException">There is no session; <see cref="SessionException.Error"/> says why.</exception>
    public ValueTask<AgentSession> OpenAsync(AgentDid peer, Uri baseUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        return OpenCoreAsync(peer, baseUrl, cancellationToken);
    }

#pragma warning restore RS0026

    /// <summary>
    /// Looks a peer up again and closes those sessions with it that a key opened which no longer counts; a request that is under way is
    /// given up. Call it when something about the peer may have changed. A look-up that fails closes nothing: every request looks again, and then fails.
    /// </summary>
    /// <param name="peer">The peer; one without open sessions is not looked up.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask RecheckAsync(AgentDid peer, CancellationToken cancellationToken = default)
    {
        AgentSession[] sessions = [.. open.Select(entry => entry.Key).Where(session => session.Peer == peer && session.IsOpen)];
        if (sessions.Length > 0)
        {
            PeerLookupResult lookup = await context.Peers.FindAsync(peer, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(sessions.Select(session => session.EndIfRefutedAsync(lookup).AsTask())).ConfigureAwait(false);
        }
    }

    private async ValueTask<AgentSession> OpenCoreAsync(AgentDid peer, Uri? baseUrl, CancellationToken cancellationToken)
    {
        if (peer == default)
        {
            throw new ArgumentException("The DID is default(AgentDid).", nameof(peer));
        }

        EstablishedSession established = await handshake.OpenAsync(peer, baseUrl, cancellationToken).ConfigureAwait(false);
        AgentSession session = new(peer, baseUrl, established, context, transport, handshake);
        open.Add(session, null);
        return session;
    }
}
