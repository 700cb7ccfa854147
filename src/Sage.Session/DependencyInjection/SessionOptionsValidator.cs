using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sage.Session;

/// <summary>Refuses settings that cannot work, at start. Whether an accept rule is needed, the listener knows.</summary>
internal sealed class SessionOptionsValidator(IServiceProviderIsService? services = null) : IValidateOptions<AgentSessionOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentSessionOptions options)
    {
        string? problem = options.FirstProblem()
            ?? (options.StateKey is null && services?.IsService(typeof(ISessionStore)) == true ? AgentSessionOptions.NoStateKey : null);
        return problem is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problem);
    }
}
