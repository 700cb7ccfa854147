using Microsoft.Extensions.Time.Testing;
using Sage.Databases;

namespace Sage.Sqlite.Tests;

/// <summary>A file in a folder of its own, the databases that a test opens upon it, and their clock.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-sqlite-");
    private readonly List<SqliteDatabase> databases = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    private static SqliteDatabaseOptions Patient => new() { Timeout = TimeSpan.FromMinutes(1) };

    public string Path => In("sage.db");

    public string In(string name) => System.IO.Path.Combine(folder.FullName, name);

    /// <summary>A database upon the file as another process has it.</summary>
    public SqliteDatabase Open(SqliteDatabaseOptions? options = null, bool migrate = true)
    {
        SqliteDatabase database = new(Path, options ?? Patient, Time);
        databases.Add(database);
        if (migrate)
        {
            database.MigrateAsync().GetAwaiter().GetResult();
        }

        return database;
    }

    /// <summary>A database with other scripts than those of the package.</summary>
    public SqliteDatabase Open(IReadOnlyList<MigrationScript> scripts)
    {
        SqliteDatabase database = new(Path, Patient, Time, null, null, scripts);
        databases.Add(database);
        return database;
    }

    public void Dispose()
    {
        databases.ForEach(database => database.Dispose());
        folder.Delete(recursive: true);
    }
}
