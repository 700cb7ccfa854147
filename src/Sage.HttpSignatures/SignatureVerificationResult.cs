using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures;

/// <summary>How the verification of a message ended. Immutable.</summary>
public sealed class SignatureVerificationResult
{
    private SignatureVerificationResult(SignatureError error, string? detail, IReadOnlyList<VerifiedSignature> signatures)
    {
        Error = error;
        Detail = detail;
        Signatures = signatures;
    }

    /// <summary>Whether the message counts as signed.</summary>
    [MemberNotNullWhen(true, nameof(Signature))]
    public bool IsValid => Error == SignatureError.None;

    /// <summary>Why not. For logs and metrics: a caller that is told the reason learns how to get further.</summary>
    public SignatureError Error { get; }

    /// <summary>More about the reason, for the log of the verifier; never a secret.</summary>
    public string? Detail { get; }

    /// <summary>The signature that counts, the first of several.</summary>
    public VerifiedSignature? Signature => Signatures.Count > 0 ? Signatures[0] : null;

    /// <summary>Every signature that counts; more than one only with <see cref="SignatureMatch.All"/>.</summary>
    public IReadOnlyList<VerifiedSignature> Signatures { get; }

    internal static SignatureVerificationResult Valid(IReadOnlyList<VerifiedSignature> signatures) => new(SignatureError.None, null, signatures);

    internal static SignatureVerificationResult Invalid(SignatureError error, string? detail = null) => new(error, detail, []);
}
