using System.Text.Json;
using Sage.Did;

namespace Sage.Cli;

/// <summary>Resolves a DID or ends the command with the reason, and says what was found.</summary>
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

    /// <summary>One line for scripts: the answer, and where it is from.</summary>
    public static string Describe(DidResolution resolution, string format, byte[] content) => JsonText.Object(members =>
    {
        using JsonDocument parsed = JsonDocument.Parse(content);
        members.WriteString("did", resolution.Did.Value);
        members.WriteString("source", resolution.Source);
        members.WriteString("version", resolution.VersionId);
        members.WriteString("observed_at", resolution.ObservedAt);
        members.WritePropertyName(format);
        parsed.RootElement.WriteTo(members);
    });
}
