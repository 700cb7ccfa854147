using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did.Ethereum;

/// <summary>
/// Resolves <c>did:sage:eip155:…</c> from the key registry of one deployment. A key counts when it is listed at the finalized block
/// and still is at the newest: a reorganisation cannot create trust, and a revocation counts as soon as it is seen. Each block is
/// named once and read by its hash.
/// </summary>
/// <remarks>
/// <para>Of several endpoints each must list a key, and a single one that does not, or that says the agent is inactive or has another
/// owner, wins. What a single endpoint says is believed: no state proof is checked.</para>
/// <para>Keys are named <c>#key-n</c>, the n-th entry of the registry's list at the newest block, counted from 1, as in SAGE profile P1
/// records. Proofs of Ed25519 keys, and of P-256 keys on a chain that cannot check them, are checked here; an X25519 key counts only
/// beside a proven signing key. The document has no services.</para>
/// <para>Every resolution asks every endpoint: put a <see cref="CachingDidResolver"/> in front. Safe from any thread.</para>
/// </remarks>
public sealed class EthereumDidResolver : IDidResolver
{
    private const int RememberedRevocations = 10_000;

    private readonly EthereumDeployment deployment;
    private readonly RegistryEndpoint[] endpoints;
    private readonly int minEndpoints;
    private readonly string source;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly DidInstruments instruments;
    private readonly RevocationMemory revocations = new(RememberedRevocations);

    /// <summary>Makes a resolver. Each endpoint is checked when it is first asked: chain id, code at both addresses, and that they belong together.</summary>
    /// <param name="deployment">The deployment whose DIDs are resolved.</param>
    /// <param name="endpoints">The nodes to ask, at least one; better of different operators. They stay the caller's to dispose.</param>
    /// <param name="options">Ages and numbers; read once.</param>
    /// <param name="timeProvider">The clock, for the age of the newest block.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for a static one.</param>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EthereumDidResolver(
        EthereumDeployment deployment, IReadOnlyList<IEthereumRpc> endpoints, EthereumDidResolverOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<EthereumDidResolver>? logger = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Count == 0)
        {
            throw new ArgumentException("A resolver needs at least one endpoint.", nameof(endpoints));
        }

        EthereumDidResolverOptions settings = options?.Copy() ?? new EthereumDidResolverOptions();
        settings.Validate(endpoints.Count);
        this.deployment = deployment;
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? (ILogger)NullLogger.Instance;
        this.endpoints = [.. endpoints.Select(rpc => new RegistryEndpoint(rpc, deployment, settings.MaxHeadAge, settings.Confirmations, this.timeProvider))];
        minEndpoints = settings.MinEndpoints ?? endpoints.Count;
        source = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"eip155:{deployment.ChainId}");
        instruments = DidInstruments.Create(meterFactory);
    }

    internal EthereumDeployment Deployment => deployment;

    internal IReadOnlyList<RegistryEndpoint> Endpoints => endpoints;

    /// <inheritdoc/>
    /// <remarks>
    /// <see cref="DidResolution.ObservedAt"/> is the timestamp of the newest block, of the oldest one if there are several endpoints.
    /// An agent that another owner has at the newest block is <see cref="DidResolutionStatus.Deactivated"/> until that is settled.
    /// A DID of another chain or identity registry, or of an agent that is not settled yet, is <see cref="DidResolutionStatus.NotFound"/>.
    /// </remarks>
    public async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        using Activity? span = DidInstruments.StartSpan(did);
        try
        {
            DidResolution resolution = deployment.TryParseDid(did, out UInt256 agentId)
                ? await LookAsync(did, agentId, cancellationToken).ConfigureAwait(false)
                : new DidResolution(did, EthereumDeployment.Refuse(did), source, timeProvider.GetUtcNow());
            instruments.Resolved(timeProvider, start, resolution, isHit: false);
            return resolution;
        }
        catch (DidResolutionException)
        {
            DidInstruments.MarkFailed(span);
            instruments.Failed(timeProvider, start, did);
            throw;
        }
    }

    private async Task<DidResolution> LookAsync(AgentDid did, UInt256 agentId, CancellationToken cancellationToken)
    {
        Task<AgentSighting>[] looks = [.. endpoints.Select(endpoint => endpoint.LookAsync(agentId, cancellationToken))];
        List<AgentSighting> sightings = [];
        EthereumRpcException? failure = null;
        for (int i = 0; i < looks.Length; i++)
        {
            try
            {
                sightings.Add(await looks[i].ConfigureAwait(false));
            }
            catch (EthereumRpcException e)
            {
                RegistryLog.EndpointFailed(logger, i + 1, looks.Length, did, e.Message);
                failure = e;
            }
        }

        if (sightings.Count < minEndpoints)
        {
            throw new DidResolutionException(
                $"Of {looks.Length} endpoints for chain {deployment.ChainId} {sightings.Count} answered, and {minEndpoints} must: {failure!.Message}", failure);
        }

        (DidResolutionStatus status, DidDocument? document) = AgentVerdict.Judge(did, sightings, revocations.Update(did, sightings));

        // Not our clock: an answer is as old as the block it is from. A maker's clock may be a little ahead.
        DateTimeOffset observed = sightings.Min(sighting => sighting.HeadBlock.Timestamp);
        DateTimeOffset now = timeProvider.GetUtcNow();
        return new DidResolution(did, status, source, observed < now ? observed : now) { Document = document };
    }
}
