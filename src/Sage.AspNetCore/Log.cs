using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Sage.AspNetCore;

/// <summary>The log of this package: event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Debug, "The caller went away before its envelope was answered")]
    public static partial void CallerGone(ILogger logger);

    [LoggerMessage(5001, LogLevel.Debug, "The server refused the body of an envelope with status {Status}")]
    public static partial void BodyRefused(ILogger logger, int status);

    [LoggerMessage(5100, LogLevel.Debug, "The server refused the body of a signed request with status {Status}")]
    public static partial void SignedBodyRefused(ILogger logger, int status);

    [LoggerMessage(5101, LogLevel.Error, "The endpoint asks for signatures under the policy {Policy}, but the request was verified under {Verified} before the endpoint was known: call UseRouting before UseAuthentication")]
    public static partial void WrongPolicy(ILogger logger, string policy, string verified);

    [LoggerMessage(5102, LogLevel.Error, "A response could not be signed and was replaced by an empty one with status 500: {Reason}")]
    public static partial void ResponseNotSigned(ILogger logger, Exception? exception, string reason);

    [LoggerMessage(5200, LogLevel.Warning, "The health of {Part} is {Status} now (exception: {Exception})")]
    public static partial void HealthLost(ILogger logger, string part, HealthStatus status, string exception);

    [LoggerMessage(5201, LogLevel.Information, "The health of {Part} is back")]
    public static partial void HealthBack(ILogger logger, string part);
}
