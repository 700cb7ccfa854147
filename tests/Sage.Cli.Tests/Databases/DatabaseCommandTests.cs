namespace Sage.Cli.Tests;

/// <summary><c>sage db</c> upon a SQLite file, and what it refuses of any database.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class DatabaseCommandTests
{
    private const string Variable = "SAGE_TEST_DATABASE";
    private const string Environment = "DOTNET_ENVIRONMENT";
    private const string WebEnvironment = "ASPNETCORE_ENVIRONMENT";

    private static readonly string[][] WrongLines =
    [
        ["db"],
        ["db", "migrate"],
        ["db", "migrate", "--sqlite", ""],
        ["db", "migrate", "--sqlite", "a", "--postgres-from", "B"],
        ["db", "migrate", "--postgres-file", "a", "--postgres-from", "B"],
        ["db", "migrate", "--postgres-from", "SAGE_TEST_NOT_SET"],
        ["db", "migrate", "--postgres-from", ""],
        ["db", "migrate", "--sqlite", "a", "--sqlite", "b"],
        ["db", "status"],
        ["db", "backup", "--sqlite", "a"],
        ["db", "restore", "--sqlite", "a"],
        ["db", "seed", "--sqlite", "a", "--nonces", "-1"],
        ["db", "seed", "--sqlite", "a", "--sessions", "100001"],
        ["db", "seed", "--sqlite", "a", "--sessions", "x"],
    ];

    private TemporaryFolder folder = null!;
    private string? environment;
    private string? webEnvironment;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        environment = System.Environment.GetEnvironmentVariable(Environment);
        webEnvironment = System.Environment.GetEnvironmentVariable(WebEnvironment);
        System.Environment.SetEnvironmentVariable(WebEnvironment, null);
    }

    [TearDown]
    public void TearDown()
    {
        System.Environment.SetEnvironmentVariable(Environment, environment);
        System.Environment.SetEnvironmentVariable(WebEnvironment, webEnvironment);
        System.Environment.SetEnvironmentVariable(Variable, null);
        folder.Dispose();
    }

    [TestCaseSource(nameof(WrongLines))]
    public async Task A_wrong_line_is_explained(params string[] line) => Command.AssertFails(await Command.RunAsync(line), 2);

    [TestCase]
    [TestCase("migrate")]
    [TestCase("status")]
    [TestCase("backup")]
    [TestCase("restore")]
    [TestCase("seed")]
    public async Task Every_command_explains_itself(params string[] command)
    {
        CliResult help = await Command.RunAsync(["db", .. command, "--help"]);

        Assert.That(help.ExitCode, Is.Zero, help.Error);
        Assert.That(help.Text, Does.Contain("sage db" + string.Concat(command.Select(name => " " + name))).And.Contain("Examples:").Or.Contain("Commands:"));
    }

    [Test]
    public async Task A_database_is_made_filled_backed_up_and_restored()
    {
        string file = folder["state.db"], backup = folder["backup"], restored = folder["restored.db"];
        System.Environment.SetEnvironmentVariable(Environment, "Development");

        await ExpectAsync("2 migrations applied", "db", "migrate", "--sqlite", file);
        await ExpectAsync("nothing to do", "db", "migrate", "--sqlite", file);
        await ExpectAsync("up to date", "db", "status", "--sqlite", file);
        await ExpectAsync("40 sessions, 60 nonces", "db", "seed", "--sqlite", file, "--sessions", "40", "--nonces", "60");
        await ExpectAsync("bytes", "db", "backup", "--sqlite", file, "--out", backup);
        await ExpectAsync("restored", "db", "restore", "--sqlite", restored, "--in", backup);
        await ExpectAsync("up to date", "db", "status", "--sqlite", restored);
        Command.AssertFails(await Command.RunAsync("db", "restore", "--sqlite", restored, "--in", backup), 3, "exists");
        Command.AssertFails(await Command.RunAsync("db", "backup", "--sqlite", restored, "--out", backup), 3, "exists");
    }

    [Test]
    public async Task Json_says_the_same_to_scripts()
    {
        string file = folder["state.db"], backup = folder["backup"];
        await File.WriteAllBytesAsync(file, []);

        CliResult missing = await Command.RunAsync("db", "status", "--sqlite", file, "--json");
        CliResult applied = await Command.RunAsync("db", "migrate", "--sqlite", file, "--json");
        CliResult ok = await Command.RunAsync("db", "status", "--sqlite", file, "--json");
        CliResult seeded = await Command.RunAsync("db", "seed", "--sqlite", file, "--sessions", "2", "--nonces", "3", "--force", "--json");
        CliResult written = await Command.RunAsync("db", "backup", "--sqlite", file, "--out", backup, "--json");
        CliResult restored = await Command.RunAsync("db", "restore", "--sqlite", folder["restored.db"], "--in", backup, "--json");

        Command.AssertFails(missing, 1);
        Assert.That(missing.Json.GetProperty("ok").GetBoolean(), Is.False);
        Assert.That(missing.Json.GetProperty("missing")[0].GetString(), Is.EqualTo("0001-nonces-and-sessions"));
        Assert.That(applied.Json.GetProperty("applied").GetInt32(), Is.EqualTo(missing.Json.GetProperty("missing").GetArrayLength()));
        Assert.That(ok.Json.GetProperty("ok").GetBoolean(), Is.True);
        Assert.That(ok.Json.GetProperty("missing").GetArrayLength(), Is.Zero);
        Assert.That((seeded.Json.GetProperty("sessions").GetInt32(), seeded.Json.GetProperty("nonces").GetInt32()), Is.EqualTo((2, 3)));
        Assert.That(written.Json.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(backup).Length));
        Assert.That(restored.Json.GetProperty("restored").GetString(), Is.EqualTo(backup));
    }

    [Test]
    public async Task A_damaged_backup_is_refused_and_makes_no_database()
    {
        string file = folder["state.db"], backup = folder["backup"], restored = folder["restored.db"];
        await Command.RunAsync("db", "migrate", "--sqlite", file);
        await Command.RunAsync("db", "backup", "--sqlite", file, "--out", backup);
        byte[] content = await File.ReadAllBytesAsync(backup);
        await File.WriteAllBytesAsync(backup, content[..^100]);

        Command.AssertFails(await Command.RunAsync("db", "restore", "--sqlite", restored, "--in", backup), 1, "SHA-256");
        Assert.That(File.Exists(restored), Is.False);
    }

    [Test]
    public async Task Looking_at_a_file_that_is_not_there_makes_none()
    {
        string file = folder["state.db"];
        System.Environment.SetEnvironmentVariable(Environment, "Development");

        Command.AssertFails(await Command.RunAsync("db", "status", "--sqlite", file), 3, "no database");
        Command.AssertFails(await Command.RunAsync("db", "backup", "--sqlite", file, "--out", folder["backup"]), 3, "no database");
        Command.AssertFails(await Command.RunAsync("db", "seed", "--sqlite", file), 3, "no database");
        Assert.That(File.Exists(file), Is.False);
    }

    [Test]
    public async Task Development_data_stays_out_of_other_environments_unless_it_is_forced()
    {
        string file = folder["state.db"];
        await Command.RunAsync("db", "migrate", "--sqlite", file);
        System.Environment.SetEnvironmentVariable(Environment, null);
        Command.AssertFails(await Command.RunAsync("db", "seed", "--sqlite", file), 1, "development");
        System.Environment.SetEnvironmentVariable(Environment, "Production");
        Command.AssertFails(await Command.RunAsync("db", "seed", "--sqlite", file), 1, "development");
        System.Environment.SetEnvironmentVariable(Environment, "Development");
        System.Environment.SetEnvironmentVariable(WebEnvironment, "Production");
        Command.AssertFails(await Command.RunAsync("db", "seed", "--sqlite", file), 1, "development");
        await ExpectAsync("1 sessions, 2 nonces", "db", "seed", "--sqlite", file, "--sessions", "1", "--nonces", "2", "--force");
    }

    [Test]
    public async Task What_is_missing_is_listed_and_told_by_the_exit_code()
    {
        string file = folder["state.db"];
        await File.WriteAllBytesAsync(file, []);

        CliResult result = await Command.RunAsync("db", "status", "--sqlite", file);
        Command.AssertFails(result, 1, "2 migrations are missing");
        Assert.That(result.Text, Does.Contain("missing 0001-nonces-and-sessions\n"));
    }

    [Test]
    public async Task A_connection_string_is_never_repeated()
    {
        System.Environment.SetEnvironmentVariable(Variable, "postgres://user:secret-word@host/db");
        CliResult malformed = await Command.RunAsync("db", "migrate", "--postgres-from", Variable);
        string file = folder["connection"];
        await File.WriteAllTextAsync(file, "Host=127.0.0.1;Port=1;Username=u;Password=secret-word;Database=d\n");
        CliResult unreachable = await Command.RunAsync("db", "status", "--postgres-file", file);

        Command.AssertFails(malformed, 2);
        Command.AssertFails(unreachable, 3, "reached");
        Assert.That(malformed.Error + unreachable.Error, Does.Not.Contain("secret-word"));
    }

    private static async Task ExpectAsync(string text, params string[] line)
    {
        CliResult result = await Command.RunAsync(line);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Text, Does.Contain(text));
    }
}
