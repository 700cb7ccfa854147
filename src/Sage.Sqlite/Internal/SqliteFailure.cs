using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sage.Sqlite.Internal;

/// <summary>What a failure is called in metrics, and what the caller sees of it.</summary>
internal static class SqliteFailure
{
    /// <summary>An exception of the driver as one that callers know without it; any other stays as it is.</summary>
    public static (string ErrorType, Exception? Replacement) Wrap(Exception exception) => exception switch
    {
        OperationCanceledException => ("cancelled", null),
        SqliteException failure => Wrap(failure),
        IOException => ("io", null),
        _ => ("_OTHER", null),
    };

    private static (string ErrorType, Exception? Replacement) Wrap(SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ("busy", new IOException("Another process holds the SQLite database; it did not let go in time.", failure)),
        raw.SQLITE_FULL => ("full", new IOException("There is no room for the SQLite database.", failure)),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => ("corrupt", new IOException("The SQLite database is damaged, or the file is none.", failure)),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM => ("io", new IOException("The SQLite database cannot be read or written.", failure)),
        _ => ("database_error", new IOException("SQLite answered with an error. Are the migrations applied?", failure)),
    };
}
