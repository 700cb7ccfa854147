namespace Sage.Did.Ethereum;

/// <summary>What a mirror answers for one agent. Immutable but for the last answer it gave.</summary>
internal sealed class MirrorEntry(UInt256 agentId, AgentDid did, AgentProjection settled, DidResolutionStatus status, DidDocument? document)
{
    private DidResolution? last;

    public UInt256 AgentId => agentId;

    public AgentProjection Settled => settled;

    public DidResolutionStatus Status => status;

    public DidDocument? Document => document;

    /// <summary>The names of the keys that the document has.</summary>
    public IEnumerable<EthereumHash> KeyIds => document is null
        ? []
        : settled.Keys.Where(key => document.VerificationMethods.Any(method => method.PublicKey.Equals(key.Key.PublicKey))).Select(key => key.Key.KeyId);

    /// <summary>The answer; the same object until another block was seen.</summary>
    public DidResolution Answer(string source, DateTimeOffset observedAt)
    {
        DidResolution? known = Volatile.Read(ref last);
        if (known is null || known.ObservedAt != observedAt)
        {
            known = new DidResolution(did, status, source, observedAt) { Document = document };
            Volatile.Write(ref last, known);
        }

        return known;
    }

    public MirroredAgent ToAgent() => new(agentId, did, settled, document);

    /// <summary>Whether somebody who acted on the one would act otherwise on the other.</summary>
    public bool SaysTheSame(MirrorEntry other) =>
        status == other.Status && settled.Owner == other.Settled.Owner
        && (document is null || (AreSame(document.Authentication, other.Document!.Authentication)
            && AreSame(document.AssertionMethod, other.Document.AssertionMethod)
            && AreSame(document.KeyAgreement, other.Document.KeyAgreement)));

    private static bool AreSame(IReadOnlyList<VerificationMethod> left, IReadOnlyList<VerificationMethod> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => pair.First == pair.Second);
}
