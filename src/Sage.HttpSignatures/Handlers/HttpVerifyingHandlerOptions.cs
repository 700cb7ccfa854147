namespace Sage.HttpSignatures;

/// <summary>Which responses <see cref="HttpVerifyingHandler"/> lets through.</summary>
public sealed class HttpVerifyingHandlerOptions
{
    /// <summary>What a signature must look like.</summary>
    public SignaturePolicy Policy { get; set; } = SignaturePolicy.Default;

    /// <summary>
    /// Whether a response without any signature is refused. If it is not, whoever is in between can take the signature away;
    /// one that is there must be valid all the same.
    /// </summary>
    public bool RequireSigned { get; set; } = true;

    /// <summary>
    /// Who must have signed, as <see cref="VerifiedSignature.Subject"/> gives it: the DID of the one that is called. Without it
    /// anyone whose key can be found may answer, which proves little.
    /// </summary>
    public string? ExpectedSubject { get; set; }

    /// <summary>What is wrong with these options; <see langword="null"/> for nothing.</summary>
    internal string? FirstProblem()
    {
        if (Policy is null)
        {
            return $"'{nameof(Policy)}' is null: leave it as it is, or give it a policy.";
        }

        if (ExpectedSubject is { Length: 0 })
        {
            return $"'{nameof(ExpectedSubject)}' is empty: give it the DID of the one that is called, or null for anyone.";
        }

        return ExpectedSubject is not null && !RequireSigned
            ? $"'{nameof(ExpectedSubject)}' says who must sign, but '{nameof(RequireSigned)}' is false: set it to true, or expect nobody."
            : null;
    }
}
