using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did.Ethereum;

/// <summary>
/// A local copy of the registry of one deployment, made from its logs alone: it resolves and finds agents without asking a node. It
/// decides as <see cref="EthereumDidResolver"/> does: what counts must be settled, and a revocation counts as soon as it is seen.
/// </summary>
/// <remarks>
/// <para>It refuses while it has not caught up, when the newest block it saw is older than allowed, and when a log is missing; then it
/// throws everything away and reads again from the first block. A log is missed when the agent's next one does not follow from those
/// before it, so an endpoint that hides an agent's last log is believed, as the resolver believes one that hides a revocation.</para>
/// <para><see cref="RunAsync"/> keeps it going. Safe from any thread.</para>
/// </remarks>
public sealed class RegistryMirror : IDidResolver
{
    private readonly EthereumDeployment deployment;
    private readonly RegistryMirrorOptions options;
    private readonly MirrorSync sync;
    private readonly DidChanges? changes;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly IMeterFactory? meterFactory;
    private readonly DidInstruments instruments;
    private readonly string source;
    private readonly DateTimeOffset madeAt;
    private volatile MirrorView? view;
    private volatile string refusal = "it has not caught up with the chain yet";
    private bool isRefused;
    private bool isFailing;
    private int runs;

    /// <summary>Makes a mirror; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="deployment">The deployment whose agents are mirrored.</param>
    /// <param name="endpoint">The node to read from. It stays the caller's to dispose.</param>
    /// <param name="options">Where to begin, ages and bounds; read once.</param>
    /// <param name="store">Where settled state is kept for the next start, or <see langword="null"/> to read everything again.</param>
    /// <param name="changes">Where agents are reported of which something else is answered than before.</param>
    /// <param name="timeProvider">The clock, for the age of the newest block.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Makes the meters, or <see langword="null"/> for others.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RegistryMirror(
        EthereumDeployment deployment, IEthereumRpc endpoint, RegistryMirrorOptions? options = null, IRegistryMirrorStore? store = null, DidChanges? changes = null,
        TimeProvider? timeProvider = null, ILogger<RegistryMirror>? logger = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoint);
        this.options = options?.Copy() ?? new RegistryMirrorOptions();
        this.options.Validate();
        this.deployment = deployment;
        this.changes = changes;
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? (ILogger)NullLogger.Instance;
        this.meterFactory = meterFactory;
        sync = new MirrorSync(deployment, endpoint, this.options, new MirrorStorage(store, deployment, this.options, this.logger), this.timeProvider, this.logger);
        instruments = DidInstruments.Create(meterFactory);
        source = string.Create(CultureInfo.InvariantCulture, $"mirror:eip155:{deployment.ChainId}");
        madeAt = this.timeProvider.GetUtcNow();
    }

    /// <summary>Whether it answers now.</summary>
    public bool IsCurrent => view?.IsFresh(timeProvider) ?? false;

    /// <summary>The age of the newest block seen; the mirror's own age until it has seen one.</summary>
    internal TimeSpan Lag => timeProvider.GetUtcNow() - (view?.ObservedAt ?? madeAt);

    internal ulong ChainId => deployment.ChainId;

    internal int AgentCount => view?.Table.Count ?? 0;

    /// <summary>Follows the chain until it is cancelled. No failure of the endpoint or of the store ends it.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends as cancelled.</returns>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref runs, 1) != 0)
        {
            throw new InvalidOperationException("A mirror runs once.");
        }

        using MirrorGauge gauge = new(this, meterFactory);
        while (true)
        {
            await PollAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(isRefused ? Timeout.InfiniteTimeSpan : options.PollInterval, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Asks no node. <see cref="DidResolution.ObservedAt"/> is the timestamp of the newest block seen. A DID of another chain or identity
    /// registry, or of an agent that is not settled yet, is <see cref="DidResolutionStatus.NotFound"/>.
    /// </remarks>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        try
        {
            DidResolution resolution = Resolve(did);
            instruments.Resolved(timeProvider, start, resolution, isHit: false);
            return ValueTask.FromResult(resolution);
        }
        catch (DidResolutionException e)
        {
            instruments.Failed(timeProvider, start, did);
            return ValueTask.FromException<DidResolution>(e);
        }
    }

    /// <summary>Finds agents by owner, by key, by whether they resolve, or all; from an index, without asking a node.</summary>
    /// <param name="query">Which agents.</param>
    /// <exception cref="ArgumentOutOfRangeException">The page size is out of range.</exception>
    /// <exception cref="ArgumentException">The registry knows no keys of the algorithm.</exception>
    /// <exception cref="DidResolutionException">The mirror refuses, as it does to resolve.</exception>
    public AgentPage Find(AgentQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, AgentQuery.MaxPageSize, nameof(query));
        return Fresh().Table.Find(query, deployment.FormatDid);
    }

    /// <summary>Reads up to the newest block once.</summary>
    internal async Task PollAsync(CancellationToken cancellationToken = default)
    {
        if (isRefused)
        {
            return;
        }

        try
        {
            (MirrorView next, IReadOnlyList<AgentDid> changed) = await sync.PollAsync(cancellationToken).ConfigureAwait(false);
            view = next;
            isFailing = false;
            foreach (AgentDid did in changed)
            {
                changes?.Report(did);
            }
        }
        catch (LogContradictionException e)
        {
            Refuse("its logs were not whole, and it has not read them again yet");
            sync.Restart();
            MirrorLog.Rebuilding(logger, deployment, e.Message);
        }
        catch (MirrorRefusedException e)
        {
            Refuse(e.Message);
            sync.Restart();
            isRefused = true;
            MirrorLog.Refused(logger, deployment, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!isFailing)
            {
                // Only our own exceptions are known to hold no secret.
                MirrorLog.PollFailed(logger, deployment, e is EthereumRpcException ? e.Message : e.GetType().Name);
            }

            isFailing = true;
        }
    }

    private DidResolution Resolve(AgentDid did)
    {
        MirrorView? now = view;
        if (now is not null && now.Table.TryGet(did, out MirrorEntry? entry))
        {
            return entry.Answer(source, Fresh(now).ObservedAt);
        }

        return deployment.TryParseDid(did, out _)
            ? new DidResolution(did, DidResolutionStatus.NotFound, source, Fresh(now).ObservedAt)
            : new DidResolution(did, EthereumDeployment.Refuse(did), source, timeProvider.GetUtcNow());
    }

    private MirrorView Fresh() => Fresh(view);

    private MirrorView Fresh(MirrorView? now) => now is null
        ? throw new DidResolutionException($"The mirror of chain {deployment.ChainId} refuses: {refusal}.")
        : now.IsFresh(timeProvider)
            ? now
            : throw new DidResolutionException($"The mirror of chain {deployment.ChainId} refuses: the newest block it saw is {(long)Lag.TotalSeconds} s old.");

    private void Refuse(string reason)
    {
        refusal = reason.TrimEnd('.');
        view = null;
    }
}
