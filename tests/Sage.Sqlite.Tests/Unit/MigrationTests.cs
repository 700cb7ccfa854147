using Microsoft.Data.Sqlite;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.Tests.Contracts;

namespace Sage.Sqlite.Tests;

[TestFixture]
internal sealed class MigrationTests : MigrationContract
{
    private static readonly IReadOnlyList<MigrationScript> Shipped = MigrationScript.LoadAll(typeof(SqliteDatabase).Assembly);

    private SqliteFile file = null!;

    protected override IReadOnlyList<MigrationScript> Scripts => Shipped;

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    [Test]
    public void A_file_that_is_no_database_is_refused_and_not_changed()
    {
        File.WriteAllText(file.Path, new string('x', 5000));
        SqliteDatabase database = file.Open(options: null, migrate: false);

        Assert.That(async () => await database.MigrateAsync(), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(file.Path), Is.EqualTo(new string('x', 5000)));
    }

    protected override IMigratedDatabase Open(IEnumerable<MigrationScript> scripts) => new Migrated(file.Open([.. scripts]));

    protected override Task ResetAsync()
    {
        file.Dispose();
        file = new SqliteFile();
        return Task.CompletedTask;
    }

    protected override Task<long> CountTablesAsync(string name) => Task.FromResult(Ask($"SELECT count(*) FROM sqlite_master WHERE name = '{name}'"));

    protected override Task<long> CountRowsAsync(string table) => Task.FromResult(Ask($"SELECT count(*) FROM {table}"));

    private long Ask(string text)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file.Path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Migrated(SqliteDatabase database) : IMigratedDatabase
    {
        public INonceStore Nonces => database.Nonces;

        public IRegistryMirrorStore Mirror => database.Mirror;

        public Task<int> MigrateAsync() => database.MigrateAsync();

        public Task<IReadOnlyList<string>> GetPendingMigrationsAsync() => database.GetPendingMigrationsAsync();

        public Task PingAsync() => database.PingAsync();
    }
}
