using System.Diagnostics.Metrics;

namespace Sage.Did;

/// <summary>A registry in memory, for tests and for processes that get their records from elsewhere. Safe from any thread.</summary>
public sealed class InMemoryAgentRegistry : IAgentRegistry
{
    private const string Source = "memory";

    private readonly Lock gate = new();
    private readonly Dictionary<AgentDid, AgentRecord> records = [];
    private readonly TimeProvider timeProvider;
    private readonly DidInstruments instruments;
    private readonly int capacity;

    /// <summary>Makes a registry.</summary>
    /// <param name="records">Records to begin with, taken as they are, as a reader takes those of a file; of several for one DID the last counts.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="capacity">The most records it holds; more registrations are refused.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for a static one.</param>
    /// <exception cref="ArgumentException">A record is not of a <c>did:sage</c>, or breaks a limit of records.</exception>
    public InMemoryAgentRegistry(
        IEnumerable<AgentRecord>? records = null, TimeProvider? timeProvider = null, int capacity = 100_000, IMeterFactory? meterFactory = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.capacity = capacity;
        instruments = DidInstruments.Create(meterFactory);
        foreach (AgentRecord record in records ?? [])
        {
            bool isKeepable = SageDid.TryParse(record.Did.Value, out _) & RegistryRules.TryNormalise(record, out AgentRecord? normalised);
            this.records[record.Did] = isKeepable
                ? normalised!
                : throw new ArgumentException($"The record of {record.Did} is not of a did:sage, or breaks a limit of records.", nameof(records));
        }
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        DateTimeOffset now = timeProvider.GetUtcNow();
        DidResolution resolution = Find(did) is { } record
            ? DidResolution.FromRecord(did, record, Source, now)
            : new DidResolution(did, RegistryMethod.StatusOfUnknown(did), Source, now);
        instruments.Resolved(timeProvider, start, resolution, isHit: false);
        return ValueTask.FromResult(resolution);
    }

    /// <inheritdoc/>
    public ValueTask<AgentRecord?> GetAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(did));
    }

    /// <inheritdoc/>
    public ValueTask<RegistryWriteResult> WriteAsync(AgentRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Write(record));
    }

    private RegistryWriteResult Write(AgentRecord record)
    {
        if (!RegistryRules.TryNormalise(record, out AgentRecord? next))
        {
            return RegistryWriteResult.InvalidChange;
        }

        lock (gate)
        {
            AgentRecord? stored = records.GetValueOrDefault(next.Did);
            RegistryWriteResult result = RegistryRules.Check(stored, next);
            if (result != RegistryWriteResult.Written)
            {
                return result;
            }

            if (stored is null && records.Count >= capacity)
            {
                return RegistryWriteResult.Full;
            }

            records[next.Did] = next;
            return RegistryWriteResult.Written;
        }
    }

    private AgentRecord? Find(AgentDid did)
    {
        lock (gate)
        {
            return records.GetValueOrDefault(did);
        }
    }
}
