using Sage.Crypto;
using Sage.Databases;
using Sage.Did;

namespace Sage.Tests.Contracts;

/// <summary>A database without a schema that opens it with any scripts, as programs of several versions do.</summary>
internal interface IMigratedDatabase
{
    INonceStore Nonces { get; }

    IRegistryMirrorStore Mirror { get; }

    Task<int> MigrateAsync();

    Task<IReadOnlyList<string>> GetPendingMigrationsAsync();

    Task PingAsync();
}

/// <summary>What holds for migrations, whatever database it is.</summary>
internal abstract class MigrationContract
{
    /// <summary>The scripts that the program has.</summary>
    protected abstract IReadOnlyList<MigrationScript> Scripts { get; }

    [Test]
    public async Task Every_former_version_comes_to_the_present_schema()
    {
        for (int version = 0; version < Scripts.Count; version++)
        {
            await ResetAsync();
            await Open(Scripts.Take(version)).MigrateAsync();
            IMigratedDatabase database = Open(Scripts);

            Assert.That(await database.GetPendingMigrationsAsync(), Is.EqualTo(Scripts.Skip(version).Select(script => script.Name)));
            Assert.That(await database.MigrateAsync(), Is.EqualTo(Scripts.Count - version));
            Assert.That(await database.MigrateAsync(), Is.Zero);
            Assert.That(await database.GetPendingMigrationsAsync(), Is.Empty);
            await database.PingAsync();
            await database.Mirror.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(AgentDid.Parse("did:example:a"), [1])]);
        }
    }

    [Test]
    public async Task Of_many_that_start_together_each_migration_is_applied_by_one()
    {
        IMigratedDatabase[] databases = [.. Enumerable.Range(0, 8).Select(_ => Open(Scripts))];

        int[] applied = await Task.WhenAll(databases.Select(database => Task.Run(database.MigrateAsync)));

        Assert.That(applied.Sum(), Is.EqualTo(Scripts.Count));
    }

    [Test]
    public async Task A_script_that_was_changed_after_it_was_applied_is_refused()
    {
        await Open(Scripts).MigrateAsync();
        IMigratedDatabase changed = Open([Scripts[0] with { Text = Scripts[0].Text + "-- changed\n" }, .. Scripts.Skip(1)]);

        Assert.That(changed.MigrateAsync, Throws.InvalidOperationException.With.Message.Contains("checksum"));
        Assert.That(changed.GetPendingMigrationsAsync, Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_database_that_is_newer_than_the_program_is_refused()
    {
        await Open([.. Scripts, new MigrationScript("9999-future", "CREATE TABLE future (id INTEGER);")]).MigrateAsync();

        Assert.That(Open(Scripts).MigrateAsync, Throws.InvalidOperationException.With.Message.Contains("newer").And.Message.Contains("9999-future"));
    }

    [Test]
    public async Task A_gap_is_refused()
    {
        await Open([Scripts[0], new MigrationScript("0003-later", "CREATE TABLE later (id INTEGER);")]).MigrateAsync();

        Assert.That(
            Open([.. Scripts, new MigrationScript("0003-later", "CREATE TABLE later (id INTEGER);")]).MigrateAsync,
            Throws.InvalidOperationException.With.Message.Contains("missing"));
    }

    [Test]
    public async Task A_script_that_fails_leaves_nothing_and_those_before_it_stay()
    {
        MigrationScript bad = new("9999-bad", "CREATE TABLE half (id INTEGER); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);");

        Assert.That(Open([.. Scripts, bad]).MigrateAsync, Throws.InstanceOf<IOException>());
        Assert.That(await CountTablesAsync("half"), Is.Zero);
        Assert.That(await CountRowsAsync("sage_migrations"), Is.EqualTo(Scripts.Count));
        Assert.That(await Open([.. Scripts, bad with { Text = "CREATE TABLE half (id INTEGER);" }]).MigrateAsync(), Is.EqualTo(1));
    }

    [Test]
    public void A_database_without_schema_is_said_to_be_one()
    {
        IMigratedDatabase database = Open(Scripts);

        Assert.That(database.PingAsync, Throws.InstanceOf<IOException>().With.Message.Contains("migrations"));
        Assert.That(async () => await database.Nonces.TryConsumeAsync("s", "n", TimeProvider.System.GetUtcNow()), Throws.InstanceOf<IOException>());
    }

    /// <summary>Opens the database with these scripts, and does nothing to it.</summary>
    protected abstract IMigratedDatabase Open(IEnumerable<MigrationScript> scripts);

    /// <summary>Takes everything out of the database.</summary>
    protected abstract Task ResetAsync();

    protected abstract Task<long> CountTablesAsync(string name);

    protected abstract Task<long> CountRowsAsync(string table);
}
