using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did.Ethereum;

/// <summary>
/// Watches the registry of one deployment, so that a cache may remember long and a revocation still counts with the next poll: whenever
/// the contracts wrote about an agent, its answer is evicted and the agent is reported. Each endpoint is watched on its own; once one
/// has shown a block, the resolver believes no older state from it.
/// </summary>
/// <remarks>
/// What an endpoint hides the watcher does not see. One that fails is asked again, at longer intervals up to a minute, from where it
/// stopped; meanwhile the cache ages as without a watcher. When more may have changed than is kept track of, which is so at the start and after
/// 100,000 missed blocks, the whole cache is cleared and nobody is reported.
/// </remarks>
public sealed class RegistryWatcher
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly EthereumDidResolver resolver;
    private readonly CachingDidResolver cache;
    private readonly DidChanges changes;
    private readonly TimeSpan pollInterval;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly IMeterFactory? meterFactory;

    /// <summary>Makes a watcher; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="resolver">The resolver whose deployment and endpoints are watched.</param>
    /// <param name="cache">The cache in front of it.</param>
    /// <param name="changes">Where agents are reported, after they have left the cache.</param>
    /// <param name="options">How often to ask; read once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for one of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RegistryWatcher(
        EthereumDidResolver resolver, CachingDidResolver cache, DidChanges changes, EthereumWatchOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<RegistryWatcher>? logger = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(changes);
        options ??= new EthereumWatchOptions();
        options.Validate();
        this.resolver = resolver;
        this.cache = cache;
        this.changes = changes;
        pollInterval = options.PollInterval;
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? (ILogger)NullLogger.Instance;
        this.meterFactory = meterFactory;
    }

    /// <summary>Watches until it is cancelled. No failure of an endpoint ends it.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends as cancelled.</returns>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        WatchState[] states = [.. resolver.Endpoints.Select((_, i) => new WatchState(resolver.Deployment.ChainId, i + 1, resolver.Endpoints.Count, timeProvider, logger))];
        using WatchGauge gauge = new(states, meterFactory);
        await Task.WhenAll(states.Zip(resolver.Endpoints, (state, endpoint) => WatchAsync(state, endpoint, cancellationToken))).ConfigureAwait(false);
    }

    private async Task WatchAsync(WatchState state, RegistryEndpoint endpoint, CancellationToken cancellationToken)
    {
        EndpointWatch watch = new(endpoint, resolver.Deployment, Changed, Lost);
        while (true)
        {
            try
            {
                // What was read by then is kept, so a limit only makes a node that hangs known.
                using CancellationTokenSource giveUp = new(LongestPause, timeProvider);
                using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, giveUp.Token);
                await watch.PollAsync(linked.Token).ConfigureAwait(false);
                state.Saw(endpoint.Floor);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                state.Failed(exception, cache.MaxAge);
            }

            await Task.Delay(Pause(state.Failures), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan Pause(int failures)
    {
        TimeSpan pause = pollInterval * (1 << Math.Clamp(failures - 1, 0, 10));
        return pause <= LongestPause ? pause : TimeSpan.FromTicks(Math.Max(pollInterval.Ticks, LongestPause.Ticks));
    }

    private void Changed(IReadOnlyCollection<UInt256> agents)
    {
        AgentDid[] dids = [.. agents.Select(resolver.Deployment.FormatDid)];
        foreach (AgentDid did in dids)
        {
            cache.Evict(did);
        }

        foreach (AgentDid did in dids)
        {
            RegistryLog.AgentChanged(logger, did);
            changes.Report(did);
        }
    }

    private void Lost(ulong block)
    {
        RegistryLog.CacheCleared(logger, resolver.Deployment.ChainId, block);
        cache.EvictAll();
    }
}
