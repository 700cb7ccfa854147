namespace Sage.Did.Internal;

/// <summary>
/// What was once seen of a DID and no later answer may contradict: its highest version, and that it was deactivated.
/// Kept apart from the answers, so that knowledge of a revocation outlives them.
/// </summary>
internal sealed class RecordKnowledge(int capacity)
{
    private readonly GenerationMap<Fact> revocations = new(capacity);
    private readonly GenerationMap<Fact> versions = new(capacity);

    /// <summary>How an answer stands to what is known.</summary>
    public Verdict Judge(DidResolution answer)
    {
        if (answer.Status != DidResolutionStatus.Resolved || Find(answer.Did) is not { } known)
        {
            return Verdict.Credible;
        }

        // Deactivation is final where versions are counted. Where they are not, the source may take it back later.
        if (known.IsDeactivated)
        {
            return known.Version == 0 && answer.ObservedAt > known.ObservedAt ? Verdict.Credible : Verdict.Deactivated;
        }

        return (answer.Record?.Version ?? 0) < known.Version ? Verdict.Behind : Verdict.Credible;
    }

    /// <summary>Remembers an answer that was judged credible.</summary>
    public void Learn(DidResolution answer)
    {
        if (answer.Record is not { } record || answer.Status is not (DidResolutionStatus.Resolved or DidResolutionStatus.Deactivated))
        {
            return;
        }

        Fact? known = Find(answer.Did);
        bool isDeactivated = answer.Status == DidResolutionStatus.Deactivated;
        Fact fact = new(Math.Max(record.Version, known?.Version ?? 0), isDeactivated, answer.ObservedAt);
        if (isDeactivated || record.Revoked.Count > 0 || revocations.TryGet(answer.Did, out _))
        {
            revocations.Set(answer.Did, fact);
        }
        else if (record.Version > 0)
        {
            versions.Set(answer.Did, fact);
        }
    }

    private Fact? Find(AgentDid did) =>
        revocations.TryGet(did, out Fact? fact) || versions.TryGet(did, out fact) ? fact : null;

    internal enum Verdict
    {
        /// <summary>Nothing speaks against it.</summary>
        Credible,

        /// <summary>A later version was seen before.</summary>
        Behind,

        /// <summary>The DID is known to be deactivated.</summary>
        Deactivated,
    }

    private sealed record Fact(long Version, bool IsDeactivated, DateTimeOffset ObservedAt);
}
