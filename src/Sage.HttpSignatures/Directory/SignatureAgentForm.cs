namespace Sage.HttpSignatures;

/// <summary>How the <c>Signature-Agent</c> field is written.</summary>
public enum SignatureAgentForm
{
    /// <summary>A dictionary with one member per label, as the protocol has it now.</summary>
    Dictionary,

    /// <summary>A bare string, as the first drafts had it and as verifiers of that time still ask for it. It knows directories only.</summary>
    Legacy,
}
