using Sage.Crypto;
using Sage.PostgreSql;
using Sage.Session;
using Sage.Sqlite;

namespace Sage.Cli;

/// <summary>Either database, as the commands see it.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly IDisposable owner;

    private Database(IDisposable owner) => this.owner = owner;

    /// <summary>The file that must be there already, or null.</summary>
    public string? File { get; private init; }

    public required Func<CancellationToken, Task<int>> MigrateAsync { get; init; }

    public required Func<CancellationToken, Task<IReadOnlyList<string>>> GetPendingAsync { get; init; }

    public required Func<string, CancellationToken, Task> BackupAsync { get; init; }

    public required Func<string, CancellationToken, Task> RestoreAsync { get; init; }

    public required INonceStore Nonces { get; init; }

    public required ISessionStore Sessions { get; init; }

    public static Database OfSqlite(string path)
    {
        SqliteDatabase database = new(path);
        return new Database(database)
        {
            File = path,
            MigrateAsync = database.MigrateAsync,
            GetPendingAsync = database.GetPendingMigrationsAsync,
            BackupAsync = database.BackupAsync,
            RestoreAsync = database.RestoreAsync,
            Nonces = database.Nonces,
            Sessions = database.Sessions,
        };
    }

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static Database OfPostgreSql(string connectionString)
    {
        PostgreSqlDatabase database = PostgreSqlDatabase.Create(connectionString);
        return new Database(database)
        {
            MigrateAsync = database.MigrateAsync,
            GetPendingAsync = database.GetPendingMigrationsAsync,
            BackupAsync = database.BackupAsync,
            RestoreAsync = database.RestoreAsync,
            Nonces = database.Nonces,
            Sessions = database.Sessions,
        };
    }

    /// <summary>Looking at a file must not make it.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public void RequireExisting()
    {
        if (File is not null && !System.IO.File.Exists(File))
        {
            throw CommandException.InputOutput($"There is no database '{File}'; 'sage db migrate' makes it.");
        }
    }

    public ValueTask DisposeAsync()
    {
        owner.Dispose();
        return ValueTask.CompletedTask;
    }
}
