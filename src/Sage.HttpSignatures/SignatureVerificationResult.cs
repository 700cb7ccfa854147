using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures;

/// <summary>How the verification of a message ended. Immutable.</summary>
public sealed class SignatureVerificationResult
{
    private readonly IReadOnlyList<VerifiedSignature>? several;

    private SignatureVerificationResult(SignatureError error, string? detail, VerifiedSignature? signature, IReadOnlyList<VerifiedSignature>? several)
    {
        Error = error;
        Detail = detail;
        Signature = signature;
        this.several = several;
    }

    /// <summary>Whether the message counts as signed.</summary>
    [MemberNotNullWhen(true, nameof(Signature))]
    public bool IsValid => Error == SignatureError.None;

    /// <summary>Why not. For logs and metrics: a caller that is told the reason learns how to get further.</summary>
    public SignatureError Error { get; }

    /// <summary>More about the reason, for the log of the verifier; never a secret.</summary>
    public string? Detail { get; }

    /// <summary>The signature that counts, the first of several.</summary>
    public VerifiedSignature? Signature { get; }

    /// <summary>Every signature that counts; more than one only with <see cref="SignatureMatch.All"/>.</summary>
    public IReadOnlyList<VerifiedSignature> Signatures => several ?? (Signature is null ? [] : [Signature]);

    internal static SignatureVerificationResult Valid(IReadOnlyList<VerifiedSignature> signatures) => new(SignatureError.None, null, signatures[0], signatures.Count > 1 ? signatures : null);

    internal static SignatureVerificationResult Invalid(SignatureError error, string? detail = null) => new(error, detail, null, null);
}
