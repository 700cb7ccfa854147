namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class CommandLineTests
{
    private static readonly string[][] WrongLines =
    [
        [],
        ["keys"],
        ["nonsense"],
        ["keys", "generate"],
        ["keys", "generate", "--algorithm", "rsa", "--out", "x"],
        ["keys", "generate", "--algorithm", "ed25519", "--out", "x", "--format", "der"],
        ["keys", "generate", "--algorithm", "ed25519", "--out", "x", "--passphrase", "secret"],
        ["keys", "show"],
        ["keys", "show", ""],
        ["keys", "show", "one", "two"],
        ["keys", "verify", "--key", "k", "--signature", "-"],
        ["vectors", "check"],
        ["agent", "send", "--home", "", "--registry", "x", "--to", "did:a:b", "-"],
    ];

    private static readonly string[][] Commands =
    [
        [],
        ["keys"],
        ["keys", "generate"],
        ["keys", "show"],
        ["keys", "sign"],
        ["keys", "verify"],
        ["agent"],
        ["agent", "create"],
        ["agent", "serve"],
        ["agent", "send"],
        ["did"],
        ["did", "resolve"],
        ["vectors"],
        ["vectors", "check"],
    ];

    [TestCaseSource(nameof(WrongLines))]
    public async Task A_wrong_command_line_is_exit_code_2_and_one_line(params string[] arguments)
    {
        CliResult result = await Command.RunAsync(arguments);

        Command.AssertFails(result, 2);
        Assert.That(result.Output, Is.Empty);
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Every_command_explains_itself(params string[] command)
    {
        CliResult help = await Command.RunAsync([.. command, "--help"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(help.ExitCode, Is.Zero);
            Assert.That(help.Error, Is.Empty);
            Assert.That(help.Text, Does.Contain(" " + string.Join(' ', command)));
            Assert.That(help.Text, Does.Contain("Examples:").Or.Contain("Commands:"));
        }
    }

    [Test]
    public async Task The_help_says_what_the_exit_codes_mean()
    {
        CliResult help = await Command.RunAsync("--help");

        Assert.That(help.Text, Does.Contain("Exit codes:").And.Contain("  3  "));
    }

    [Test]
    public async Task An_argument_that_begins_with_an_at_sign_is_text()
    {
        Command.AssertFails(await Command.RunAsync("keys", "show", "@there-is-no-such-file"), 3, "@there-is-no-such-file");
    }
}
