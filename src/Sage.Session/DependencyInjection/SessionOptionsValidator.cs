using Microsoft.Extensions.Options;

namespace Sage.Session;

/// <summary>Refuses settings that cannot work, at start. Whether an accept rule is needed, the listener knows.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<AgentSessionOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentSessionOptions options) => options.FirstProblem() is { } problem
        ? ValidateOptionsResult.Fail(problem)
        : ValidateOptionsResult.Success;
}
