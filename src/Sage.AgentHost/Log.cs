using Sage.Did;

namespace Sage.AgentHost;

internal static partial class Log
{
    [LoggerMessage(9500, LogLevel.Information, "{Method} {Route} answered {Status} in {Milliseconds} ms.")]
    public static partial void Answered(ILogger logger, string method, string route, int status, double milliseconds);

    [LoggerMessage(9501, LogLevel.Warning, "No agent is configured. This one is made up, {Did} at {Endpoint}, and gone when the process ends.")]
    public static partial void EphemeralAgent(ILogger logger, AgentDid did, string endpoint);

    [LoggerMessage(9502, LogLevel.Information, "Stopping: not ready any more, and requests under way are finished.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(9503, LogLevel.Warning, "The application behind this host failed: {Reason}")]
    public static partial void ApplicationFailed(ILogger logger, string reason);
}
