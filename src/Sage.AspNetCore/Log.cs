using Microsoft.Extensions.Logging;

namespace Sage.AspNetCore;

/// <summary>The log of this package: event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Debug, "The caller went away before its envelope was answered")]
    public static partial void CallerGone(ILogger logger);

    [LoggerMessage(5001, LogLevel.Debug, "The server refused the body of an envelope with status {Status}")]
    public static partial void BodyRefused(ILogger logger, int status);
}
