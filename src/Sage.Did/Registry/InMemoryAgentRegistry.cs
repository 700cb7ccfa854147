using System.Collections.Concurrent;

namespace Sage.Did;

/// <summary>A registry in memory, for tests and for processes that get their records from elsewhere. Safe from any thread.</summary>
public sealed class InMemoryAgentRegistry : IDidResolver
{
    private const string Source = "memory";

    private readonly ConcurrentDictionary<AgentDid, AgentRecord> records = new();
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a registry.</summary>
    /// <param name="records">Records to begin with, trusted as they are; of several for one DID the last counts.</param>
    /// <param name="timeProvider">The clock.</param>
    public InMemoryAgentRegistry(IEnumerable<AgentRecord>? records = null, TimeProvider? timeProvider = null)
    {
        this.timeProvider = timeProvider ?? TimeProvider.System;
        foreach (AgentRecord record in records ?? [])
        {
            this.records[record.Did] = record;
        }
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset now = timeProvider.GetUtcNow();
        return ValueTask.FromResult(records.TryGetValue(did, out AgentRecord? record)
            ? DidResolution.FromRecord(did, record, Source, now)
            : new DidResolution(did, DidResolutionStatus.NotFound, Source, now));
    }

    /// <summary>The record of a DID as it is stored, or none.</summary>
    /// <param name="did">The DID.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask<AgentRecord?> GetAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(records.GetValueOrDefault(did));
    }
}
