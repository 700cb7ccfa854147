using Sage.Did;

namespace Sage.Cli;

/// <summary>Resolves a DID or ends the command with the reason.</summary>
internal static class Resolution
{
    /// <exception cref="CommandException">The DID does not resolve to an active agent.</exception>
    public static async Task<DidResolution> RequireAsync(IDidResolver resolver, AgentDid did, CancellationToken cancellationToken)
    {
        DidResolution resolution = await resolver.ResolveAsync(did, cancellationToken);
        return resolution.Status switch
        {
            DidResolutionStatus.Resolved => resolution,
            DidResolutionStatus.Deactivated => throw CommandException.Refused($"{did} is deactivated."),
            DidResolutionStatus.Invalid => throw CommandException.Refused($"{did} is malformed, or its record is and cannot be trusted."),
            DidResolutionStatus.MethodNotSupported => throw CommandException.Refused($"The method of {did} is not supported."),
            _ => throw CommandException.Refused($"{did} is not known."),
        };
    }
}
