using System.Collections.Concurrent;

namespace Sage.Did.Tests;

/// <summary>A source whose answers, failures and pace a test controls.</summary>
internal sealed class FakeSource(TimeProvider timeProvider) : IDidResolver
{
    private readonly ConcurrentDictionary<AgentDid, AgentRecord> records = new();
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    /// <summary>Whether the source answers at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>How old its answers are.</summary>
    public TimeSpan Age { get; set; }

    /// <summary>Every look-up waits for this before it looks; it does not listen to its token.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Completed by the first look-up when it has begun.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Publish(AgentRecord record) => records[record.Did] = record;

    public async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref calls);
        DateTimeOffset observed = timeProvider.GetUtcNow() - Age;
        AgentRecord? record = records.GetValueOrDefault(did);
        Begun.TrySetResult();
        await Gate;
        return IsDown ? throw new DidResolutionException("down")
            : record is null ? new DidResolution(did, DidResolutionStatus.NotFound, "fake", observed)
            : DidResolution.FromRecord(did, record, "fake", observed);
    }
}
