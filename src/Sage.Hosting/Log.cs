using Microsoft.Extensions.Logging;

namespace Sage.Hosting;

/// <summary>Every log line of this package. Keys and paths, never values.</summary>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Information, "The configuration changed, and counts from now on: {Keys}")]
    public static partial void Reloaded(ILogger logger, string keys);

    [LoggerMessage(9001, LogLevel.Warning, "The configuration changed, and needs a restart to count: {Keys}")]
    public static partial void NeedsRestart(ILogger logger, string keys);

    [LoggerMessage(9002, LogLevel.Error, "The configuration changed and is wrong; everything stays as it was. {Problems}")]
    public static partial void ReloadRefused(ILogger logger, string problems);

    [LoggerMessage(9003, LogLevel.Warning, "Anybody on this machine can read the secret in {Path}; take the right to read from others unless it is mounted for this process alone")]
    public static partial void SecretIsReadable(ILogger logger, string path);
}
