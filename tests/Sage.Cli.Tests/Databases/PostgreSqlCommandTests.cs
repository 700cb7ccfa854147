using Npgsql;
using Sage.Tests;

namespace Sage.Cli.Tests;

/// <summary><c>sage db</c> upon a PostgreSQL server.</summary>
[TestFixture]
internal sealed class PostgreSqlCommandTests
{
    private PostgresServer server = null!;
    private TemporaryFolder folder = null!;

    [OneTimeSetUp]
    public async Task Start() => server = await PostgresServer.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public async Task A_database_is_made_filled_backed_up_and_restored_without_sessions()
    {
        string from = await CreateAsync("from"), to = await CreateAsync("to"), backup = folder["backup"];

        Command.AssertFails(await Command.RunAsync("db", "status", "--postgres-file", from), 1, "2 migrations are missing");
        Command.AssertFails(await Command.RunAsync("db", "backup", "--postgres-file", from, "--out", backup), 1, "db migrate");
        await ExpectAsync("2 migrations applied", "db", "migrate", "--postgres-file", from);
        await ExpectAsync("up to date", "db", "status", "--postgres-file", from);
        await ExpectAsync("30 sessions, 50 nonces", "db", "seed", "--postgres-file", from, "--sessions", "30", "--nonces", "50", "--force");
        await ExpectAsync("bytes", "db", "backup", "--postgres-file", from, "--out", backup);
        Command.AssertFails(await Command.RunAsync("db", "restore", "--postgres-file", to, "--in", backup), 1, "db migrate");
        await ExpectAsync("2 migrations applied", "db", "migrate", "--postgres-file", to);
        await ExpectAsync("restored", "db", "restore", "--postgres-file", to, "--in", backup);
        Command.AssertFails(await Command.RunAsync("db", "restore", "--postgres-file", to, "--in", backup), 1, "not empty");

        Assert.That(await CountAsync(from, "sage_sessions"), Is.EqualTo(30));
        Assert.That(await CountAsync(to, "sage_nonces"), Is.EqualTo(50));
        Assert.That(await CountAsync(to, "sage_sessions"), Is.Zero, "their numbers would be used again");
    }

    [Test]
    public async Task A_backup_of_SQLite_or_an_altered_one_is_refused_and_changes_nothing()
    {
        string to = await CreateAsync("to"), backup = folder["backup"], state = folder["state.db"];
        await ExpectAsync("applied", "db", "migrate", "--sqlite", state);
        await ExpectAsync("2 nonces", "db", "seed", "--sqlite", state, "--nonces", "2", "--force");
        await ExpectAsync("bytes", "db", "backup", "--sqlite", state, "--out", backup);
        await ExpectAsync("applied", "db", "migrate", "--postgres-file", to);

        Command.AssertFails(await Command.RunAsync("db", "restore", "--postgres-file", to, "--in", backup), 1, "no backup of Sage from PostgreSQL");
        await File.AppendAllTextAsync(backup, "more");
        Command.AssertFails(await Command.RunAsync("db", "restore", "--postgres-file", to, "--in", backup), 1, "SHA-256");
        Assert.That(await CountAsync(to, "sage_nonces"), Is.Zero);
    }

    [Test]
    public async Task A_wrong_password_is_refused_and_not_repeated()
    {
        string file = folder["connection"];
        await File.WriteAllTextAsync(file, server.ConnectionString() + ";Password=secret-word");

        CliResult result = await Command.RunAsync("db", "status", "--postgres-file", file);

        Command.AssertFails(result, 3);
        Assert.That(result.Error, Does.Not.Contain("secret-word").And.Not.Contain("Host="));
    }

    private static async Task<long> CountAsync(string file, string table)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(await File.ReadAllTextAsync(file));
        await using NpgsqlCommand command = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExpectAsync(string text, params string[] line)
    {
        CliResult result = await Command.RunAsync(line);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Text, Does.Contain(text));
    }

    private async Task<string> CreateAsync(string name)
    {
        string file = folder[name];
        await File.WriteAllTextAsync(file, await server.CreateDatabaseAsync() + "\n");
        return file;
    }
}
