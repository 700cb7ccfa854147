using Microsoft.Extensions.Logging;

namespace Sage.Sqlite;

/// <summary>The log of this package: event ids 8500 to 8799. Paths, never anything of a row.</summary>
internal static partial class Log
{
    [LoggerMessage(8500, LogLevel.Information, "Database '{Path}': {Count} migrations applied.")]
    public static partial void Migrated(ILogger logger, string path, int count);

    [LoggerMessage(8501, LogLevel.Warning, "Expired rows of database '{Path}' could not be removed; it is tried again.")]
    public static partial void RetentionFailed(ILogger logger, string path, Exception exception);
}
