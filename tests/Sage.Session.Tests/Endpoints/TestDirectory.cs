using System.Collections.Concurrent;
using Sage.Did;

namespace Sage.Session.Tests.Endpoints;

/// <summary>A resolver over records in memory that counts, and fails or ages on demand.</summary>
internal sealed class TestDirectory(TimeProvider timeProvider) : IDidResolver
{
    private readonly ConcurrentDictionary<AgentDid, AgentRecord> records = new();
    private int lookups;

    public int Lookups => Volatile.Read(ref lookups);

    public Exception? Failure { get; set; }

    public TimeSpan Age { get; set; }

    /// <summary>Awaited by every look-up.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public void Publish(AgentRecord record) => records[record.Did] = record;

    public void Publish(params TestAgent[] agents)
    {
        foreach (TestAgent agent in agents)
        {
            Publish(agent.Record());
        }
    }

    public async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref lookups);
        await Gate.WaitAsync(cancellationToken);
        if (Failure is { } failure)
        {
            throw failure;
        }

        DateTimeOffset observed = timeProvider.GetUtcNow() - Age;
        return !records.TryGetValue(did, out AgentRecord? record)
            ? new DidResolution(did, DidResolutionStatus.NotFound, "test", observed)
            : new DidResolution(did, record.IsActive ? DidResolutionStatus.Resolved : DidResolutionStatus.Deactivated, "test", observed) { Record = record };
    }
}
