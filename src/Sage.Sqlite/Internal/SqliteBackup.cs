using Microsoft.Data.Sqlite;
using Sage.Databases;
using SQLitePCL;

namespace Sage.Sqlite.Internal;

/// <summary>
/// Copies of a database, made while it is used. Sessions are left out: put back, they would use sequence numbers a second time, which
/// breaks their encryption.
/// </summary>
internal static class SqliteBackup
{
    private const string HasMigrations = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'sage_migrations'";

    // The tables of statistics are SQLite's own.
    private const string Schema =
        "SELECT group_concat(line, char(10)) FROM (SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') AS line FROM sqlite_master WHERE substr(name, 1, 11) <> 'sqlite_stat' ORDER BY line)";

    /// <summary>Writes a copy without sessions, in one file that no journal belongs to.</summary>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    public static void Copy(SqliteConnection source, string path)
    {
        BackupFile.Create(path).Dispose();
        try
        {
            using SqliteConnection copy = Open(path, SqliteOpenMode.ReadWrite);
            source.BackupDatabase(copy);
            RemoveSessions(copy);

            // Also takes away what the deleted rows left in free pages.
            copy.Execute("VACUUM");
            Check(copy);
        }
        finally
        {
            RemoveJournals(path);
        }
    }

    /// <summary>Fails unless a file is a whole database of Sage.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or another database.</exception>
    public static void Check(string path)
    {
        try
        {
            using SqliteConnection connection = Open(path, SqliteOpenMode.ReadOnly);
            Check(connection);
            if (connection.Number(HasMigrations) == 1)
            {
                return;
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw new InvalidDataException("The backup is damaged, or no database of SQLite.", exception);
        }

        throw new InvalidDataException("The backup is no database of Sage.");
    }

    /// <summary>Fails unless the schema is what these scripts make: nothing else in a file may act on what is written to it later.</summary>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public static void CheckSchema(string path, IEnumerable<MigrationScript> scripts)
    {
        using SqliteConnection model = Open(":memory:", SqliteOpenMode.Memory);
        model.Execute(MigrationJournal.Create);
        foreach (MigrationScript script in scripts)
        {
            model.Execute(script.Text);
        }

        using SqliteConnection connection = Open(path, SqliteOpenMode.ReadOnly);
        if (Text(connection, Schema) != Text(model, Schema))
        {
            throw new InvalidDataException("The backup has other tables, indexes or triggers than Sage makes.");
        }
    }

    /// <summary>Makes a restored file ready for its place: no session, whoever made the backup, and no journal.</summary>
    public static void Finish(string path)
    {
        using SqliteConnection connection = Open(path, SqliteOpenMode.ReadWrite);
        RemoveSessions(connection);
    }

    /// <summary>Removes what SQLite keeps beside a file that is going to be removed.</summary>
    public static void RemoveJournals(string path)
    {
        foreach (string suffix in (string[])["-wal", "-shm", "-journal"])
        {
            File.Delete(path + suffix);
        }
    }

    private static void RemoveSessions(SqliteConnection connection)
    {
        if (Text(connection, "PRAGMA journal_mode = DELETE") != "delete")
        {
            throw new IOException("The journal of a copy of the SQLite database cannot be closed.");
        }

        connection.Execute("PRAGMA secure_delete = ON");
        connection.Execute("DELETE FROM sage_sessions");
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Check(SqliteConnection connection)
    {
        if (Text(connection, "PRAGMA integrity_check") != "ok")
        {
            throw new InvalidDataException("The database or its backup is damaged: it does not pass the integrity check of SQLite.");
        }
    }

    private static string? Text(SqliteConnection connection, string query)
    {
        using SqliteCommand command = connection.Command(query);
        return command.ExecuteScalar() as string;
    }
}
