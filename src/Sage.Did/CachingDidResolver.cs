using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Did.Internal;

namespace Sage.Did;

/// <summary>
/// Answers from memory while an answer is young enough, and asks the source once for all who wait. An answer that is too old
/// is never given: when the source cannot be reached the resolution fails. A deactivation, or a version, that was seen once
/// (<see cref="Observe(DidResolution)"/>) wins over every later answer that contradicts it.
/// </summary>
/// <remarks>Safe from any thread. <see cref="FileAgentRegistry"/> needs no cache: looking at its file is as cheap.</remarks>
public sealed class CachingDidResolver : IDidResolver
{
    private readonly IDidResolver inner;
    private readonly TimeSpan maxAge;
    private readonly TimeSpan negativeMaxAge;
    private readonly TimeSpan timeout;
    private readonly int capacity;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly DidInstruments instruments;
    private readonly GenerationMap<CachedAnswer> answers;

    private readonly Lock gate = new();
    private readonly Dictionary<AgentDid, Flight> flights = [];
    private readonly RecordKnowledge knowledge;

    /// <summary>Makes a cache.</summary>
    /// <param name="inner">The source.</param>
    /// <param name="options">Ages and bounds; read once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for a static one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CachingDidResolver(
        IDidResolver inner, CachingDidResolverOptions? options = null, TimeProvider? timeProvider = null, ILogger? logger = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        options ??= new CachingDidResolverOptions();
        options.Validate();
        this.inner = inner;
        maxAge = options.MaxAge;
        negativeMaxAge = options.NegativeMaxAge;
        timeout = options.Timeout;
        capacity = options.Capacity;
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger.Instance;
        instruments = DidInstruments.Create(meterFactory);
        answers = new GenerationMap<CachedAnswer>(capacity);
        knowledge = new RecordKnowledge(capacity);
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        if (answers.TryGet(did, out CachedAnswer? cached) && cached.IsFresh(timeProvider))
        {
            instruments.Resolved(timeProvider, start, cached.Resolution, isHit: true);
            return new ValueTask<DidResolution>(cached.Resolution);
        }

        return new ValueTask<DidResolution>(Join(did, start).WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Takes note of an answer that was seen elsewhere, if it is about a record: a deactivation or a later version replaces
    /// what is remembered at once. The caller vouches for where it is from.
    /// </summary>
    /// <param name="resolution">The answer.</param>
    public void Observe(DidResolution resolution)
    {
        ArgumentNullException.ThrowIfNull(resolution);
        if (resolution.Record is not { IsValid: true } record || record.Did != resolution.Did
            || resolution.Status is not (DidResolutionStatus.Resolved or DidResolutionStatus.Deactivated))
        {
            return;
        }

        lock (gate)
        {
            if (knowledge.Judge(resolution) == RecordKnowledge.Verdict.Credible)
            {
                Remember(resolution);
            }
        }
    }

    /// <summary>
    /// Takes note of a record that was seen elsewhere, wherever that is: it counts only with its owner's proof.
    /// </summary>
    /// <param name="record">The record.</param>
    public void Observe(AgentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.OwnerProof is not null)
        {
            Observe(DidResolution.FromRecord(record.Did, record, "observed", timeProvider.GetUtcNow()));
        }
    }

    /// <summary>
    /// Forgets the answer for a DID, so that the source is asked again. That a record was deactivated, and which version it
    /// had reached, is not forgotten.
    /// </summary>
    /// <param name="did">The DID.</param>
    public void Evict(AgentDid did)
    {
        lock (gate)
        {
            answers.Remove(did);
            flights.Remove(did);
        }
    }

    /// <summary>Forgets every answer, as <see cref="Evict"/> does for one.</summary>
    public void EvictAll()
    {
        lock (gate)
        {
            answers.Clear();
            flights.Clear();
        }
    }

    /// <summary>The greatest age of an answer.</summary>
    internal TimeSpan MaxAge => maxAge;

    private Task<DidResolution> Join(AgentDid did, long start)
    {
        lock (gate)
        {
            if (flights.TryGetValue(did, out Flight? flight))
            {
                return flight.Task;
            }

            if (flights.Count >= capacity)
            {
                instruments.Failed(timeProvider, start, did);
                throw new DidResolutionException("Too many DIDs are being resolved at the same time.");
            }

            // On its own, so that no caller's cancellation ends it for the others and no source runs under the lock.
            flight = new Flight();
            flights.Add(did, flight);
            flight.Task = Task.Run(() => FlyAsync(did, flight, start));

            // Every caller may have left before it fails: reading the exception marks it as seen.
            _ = flight.Task.ContinueWith(
                static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return flight.Task;
        }
    }

    private async Task<DidResolution> FlyAsync(AgentDid did, Flight flight, long start)
    {
        try
        {
            DidResolution fetched = await FetchAsync(did, start).ConfigureAwait(false);
            lock (gate)
            {
                DidResolution accepted = Accept(did, fetched);

                // Evict may have given this flight up, because what it brings is too old.
                if (flights.GetValueOrDefault(did) == flight)
                {
                    Remember(accepted);
                }

                return accepted;
            }
        }
        finally
        {
            lock (gate)
            {
                if (flights.GetValueOrDefault(did) == flight)
                {
                    flights.Remove(did);
                }
            }
        }
    }

    private async Task<DidResolution> FetchAsync(AgentDid did, long start)
    {
        using CancellationTokenSource giveUp = new(timeout, timeProvider);
        try
        {
            // A source that does not listen to its token is left behind all the same.
            return await inner.ResolveAsync(did, giveUp.Token).AsTask().WaitAsync(giveUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (giveUp.IsCancellationRequested)
        {
            instruments.Failed(timeProvider, start, did);
            throw new DidResolutionException($"The source of {did} did not answer within {timeout.TotalSeconds:0.###} s.", e);
        }
    }

    /// <summary>Holds what a source said against the greatest age and against what is known.</summary>
    private DidResolution Accept(AgentDid did, DidResolution fetched)
    {
        if (fetched.Did != did)
        {
            throw new DidResolutionException($"The source answered for another DID than {did}.");
        }

        if (fetched.Status == DidResolutionStatus.Resolved && fetched.AgeAt(timeProvider.GetUtcNow()) > maxAge)
        {
            throw new DidResolutionException($"The source of {did} knows nothing that is young enough.");
        }

        RecordKnowledge.Verdict verdict = knowledge.Judge(fetched);
        if (verdict == RecordKnowledge.Verdict.Credible)
        {
            return fetched;
        }

        Log.SourceBehind(logger, did, fetched.Source);
        if (verdict == RecordKnowledge.Verdict.Deactivated)
        {
            return new DidResolution(did, DidResolutionStatus.Deactivated, fetched.Source, fetched.ObservedAt);
        }

        return answers.TryGet(did, out CachedAnswer? later) && later.IsFresh(timeProvider)
            ? later.Resolution
            : throw new DidResolutionException($"The source of {did} is behind a version that was seen before.");
    }

    /// <summary>Keeps a credible answer, unless a later one came in meanwhile that still holds.</summary>
    private void Remember(DidResolution resolution)
    {
        if (resolution.Status != DidResolutionStatus.Deactivated && answers.TryGet(resolution.Did, out CachedAnswer? cached)
            && cached.IsFresh(timeProvider) && cached.Resolution.ObservedAt > resolution.ObservedAt && VersionOf(cached.Resolution) >= VersionOf(resolution))
        {
            return;
        }

        knowledge.Learn(resolution);
        TimeSpan greatestAge = resolution.Status == DidResolutionStatus.Resolved ? maxAge : negativeMaxAge;
        answers.Set(resolution.Did, new CachedAnswer(resolution, greatestAge, timeProvider));
    }

    private static long VersionOf(DidResolution resolution) => resolution.Record?.Version ?? 0;

    /// <summary>One look-up for all who wait for it.</summary>
    private sealed class Flight
    {
        public Task<DidResolution> Task { get; set; } = null!;
    }
}
