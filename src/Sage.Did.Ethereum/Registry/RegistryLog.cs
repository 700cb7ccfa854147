using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>The log of the registry client: event ids 7100 to 7199.</summary>
internal static partial class RegistryLog
{
    [LoggerMessage(7100, LogLevel.Warning, "Endpoint {Endpoint} of {Endpoints} did not answer for {Did}: {Reason}")]
    public static partial void EndpointFailed(ILogger logger, int endpoint, int endpoints, AgentDid did, string reason);
}
