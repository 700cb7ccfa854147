using Microsoft.Extensions.Logging;

namespace Sage.PostgreSql;

/// <summary>The log of this package: event ids 8200 to 8499. Never a connection string or anything of a row.</summary>
internal static partial class Log
{
    [LoggerMessage(8200, LogLevel.Information, "PostgreSQL: {Count} migrations applied.")]
    public static partial void Migrated(ILogger logger, int count);

    [LoggerMessage(8201, LogLevel.Warning, "Expired rows could not be removed from PostgreSQL; it is tried again.")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
