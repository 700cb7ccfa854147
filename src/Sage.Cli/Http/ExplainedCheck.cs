using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>One step of the verification of a signature.</summary>
/// <param name="Name">Which.</param>
/// <param name="Error">None if it passed; null if it could not be made because an earlier one failed.</param>
/// <param name="Note">What was found.</param>
/// <param name="Advice">What would have to change; null if it passed.</param>
internal sealed record ExplainedCheck(string Name, SignatureError? Error, string? Note = null, string? Advice = null);
