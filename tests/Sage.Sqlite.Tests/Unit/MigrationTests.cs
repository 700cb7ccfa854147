using Microsoft.Data.Sqlite;
using Sage.Databases;
using Sage.Did;

namespace Sage.Sqlite.Tests;

[TestFixture]
internal sealed class MigrationTests
{
    private static readonly IReadOnlyList<MigrationScript> Scripts = MigrationScript.LoadAll(typeof(SqliteDatabase).Assembly);

    private static IEnumerable<int> FormerVersions => Enumerable.Range(0, Scripts.Count);

    private SqliteFile file = null!;

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    [TestCaseSource(nameof(FormerVersions))]
    public async Task Every_former_version_comes_to_the_present_schema(int version)
    {
        await Open(Scripts.Take(version)).MigrateAsync();
        SqliteDatabase database = Open(Scripts);

        Assert.That(await database.GetPendingMigrationsAsync(), Is.EqualTo(Scripts.Skip(version).Select(script => script.Name)));
        Assert.That(await database.MigrateAsync(), Is.EqualTo(Scripts.Count - version));
        Assert.That(await database.MigrateAsync(), Is.Zero);
        Assert.That(await database.GetPendingMigrationsAsync(), Is.Empty);
        await database.PingAsync();
        await database.Mirror.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(AgentDid.Parse("did:example:a"), [1])]);
    }

    [Test]
    public async Task Of_many_that_start_together_each_migration_is_applied_by_one()
    {
        SqliteDatabase[] databases = [.. Enumerable.Range(0, 8).Select(_ => file.Open(options: null, migrate: false))];

        int[] applied = await Task.WhenAll(databases.Select(database => Task.Run(() => database.MigrateAsync())));

        Assert.That(applied.Sum(), Is.EqualTo(Scripts.Count));
    }

    [Test]
    public async Task A_script_that_was_changed_after_it_was_applied_is_refused()
    {
        await Open(Scripts).MigrateAsync();
        SqliteDatabase changed = Open([Scripts[0] with { Text = Scripts[0].Text + "-- changed\n" }, .. Scripts.Skip(1)]);

        Assert.That(async () => await changed.MigrateAsync(), Throws.InvalidOperationException.With.Message.Contains("checksum"));
        Assert.That(async () => await changed.GetPendingMigrationsAsync(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_database_that_is_newer_than_the_program_is_refused()
    {
        await Open([.. Scripts, new MigrationScript("9999-future", "CREATE TABLE future (id INTEGER);")]).MigrateAsync();

        Assert.That(async () => await Open(Scripts).MigrateAsync(), Throws.InvalidOperationException.With.Message.Contains("newer").And.Message.Contains("9999-future"));
    }

    [Test]
    public async Task A_gap_is_refused()
    {
        await Open([Scripts[0], new MigrationScript("0003-later", "CREATE TABLE later (id INTEGER);")]).MigrateAsync();

        Assert.That(
            async () => await Open([.. Scripts, new MigrationScript("0003-later", "CREATE TABLE later (id INTEGER);")]).MigrateAsync(),
            Throws.InvalidOperationException.With.Message.Contains("missing"));
    }

    [Test]
    public async Task A_script_that_fails_leaves_nothing_and_those_before_it_stay()
    {
        MigrationScript bad = new("9999-bad", "CREATE TABLE half (id INTEGER); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);");
        SqliteDatabase database = Open([.. Scripts, bad]);

        Assert.That(async () => await database.MigrateAsync(), Throws.InstanceOf<IOException>());
        Assert.That(Ask("SELECT count(*) FROM sqlite_master WHERE name = 'half'"), Is.Zero);
        Assert.That(Ask("SELECT count(*) FROM sage_migrations"), Is.EqualTo((long)Scripts.Count));
        Assert.That(await Open([.. Scripts, bad with { Text = "CREATE TABLE half (id INTEGER);" }]).MigrateAsync(), Is.EqualTo(1));
    }

    [Test]
    public void A_database_without_schema_is_said_to_be_one()
    {
        SqliteDatabase database = file.Open(options: null, migrate: false);

        Assert.That(async () => await database.PingAsync(), Throws.InstanceOf<IOException>().With.Message.Contains("migrations"));
        Assert.That(async () => await database.Nonces.TryConsumeAsync("s", "n", file.Time.GetUtcNow()), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void A_file_that_is_no_database_is_refused_and_not_changed()
    {
        File.WriteAllText(file.Path, new string('x', 5000));
        SqliteDatabase database = file.Open(options: null, migrate: false);

        Assert.That(async () => await database.MigrateAsync(), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(file.Path), Is.EqualTo(new string('x', 5000)));
    }

    private SqliteDatabase Open(IEnumerable<MigrationScript> scripts) => file.Open([.. scripts]);

    private long Ask(string text)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file.Path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return (long)command.ExecuteScalar()!;
    }
}
