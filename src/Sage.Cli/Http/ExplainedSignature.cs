namespace Sage.Cli;

/// <summary>One label of a message, step by step.</summary>
/// <param name="Label">The label.</param>
/// <param name="Counts">Whether the policy looks at it: by its label, its tag, and its place where only the first counts.</param>
internal sealed record ExplainedSignature(string Label, bool Counts)
{
    /// <summary>The parameters, as received, by name.</summary>
    public List<(string Name, string Value)> Parameters { get; } = [];

    /// <summary>The lines of the signature base; those whose value cannot be had say why in <c>Problem</c>.</summary>
    public List<(string Text, string? Problem)> Base { get; } = [];

    /// <summary>The steps in the order of the verifier, which stops at the first that fails.</summary>
    public List<ExplainedCheck> Checks { get; } = [];
}
