using Npgsql;

namespace Sage.PostgreSql.Internal;

/// <summary>What a failure is called in metrics, and what the caller sees of it: never a host, a database or a password.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>An exception of the driver as one that callers know without it; any other stays as it is.</summary>
    public static (string ErrorType, Exception? Replacement) Wrap(Exception exception) => exception switch
    {
        OperationCanceledException => ("cancelled", null),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled } failure =>
            ("timeout", new IOException("PostgreSQL did not answer in time. Whether something was changed is not known.", failure)),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction } failure =>
            ("database_error", new IOException("The database lacks tables of Sage: apply the migrations.", failure)),
        PostgresException failure => ("database_error", new IOException($"PostgreSQL answered with the error {failure.SqlState}.", failure)),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException =>
            ("timeout", new IOException("PostgreSQL did not answer in time. Whether something was changed is not known.", exception)),
        NpgsqlException or System.Net.Sockets.SocketException => ("unreachable", new IOException("PostgreSQL cannot be reached.", exception)),
        _ => ("_OTHER", null),
    };
}
