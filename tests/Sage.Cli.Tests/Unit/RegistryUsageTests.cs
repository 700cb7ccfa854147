namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class RegistryUsageTests
{
    private const string One = "0x1111111111111111111111111111111111111111";
    private const string Two = "0x2222222222222222222222222222222222222222";

    private static readonly string[] Node = ["--rpc", "http://127.0.0.1:1"];
    private static readonly string[] Place = ["--deployment", "missing.json"];
    private static readonly string[] Payer = ["--store", "missing", "--max-fee", "1"];
    private static readonly string[] Agent = ["--agent", "7"];

    private static readonly string[][] WrongLines =
    [
        ["registry"],
        ["registry", "keys"],
        ["registry", "register"],
        ["registry", "register", .. Node, .. Place, "--store", "missing"],
        ["registry", "register", .. Node, .. Place, "--max-fee", "1"],
        ["registry", "register", .. Place, .. Payer],
        ["registry", "register", .. Node, .. Payer],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "1", "--identity", One],
        ["registry", "register", .. Node, .. Payer, "--identity", One, "--keys", Two],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "1", "--identity", One, "--keys", One],
        ["registry", "register", .. Node, .. Payer, .. Place, "--identity", One],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "1", "--identity", One, "--keys"],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "0", "--identity", One, "--keys", Two],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "1", "--identity", "0x00", "--keys", Two],
        ["registry", "register", .. Node, .. Payer, "--chain-id", "1", "--identity", "0x0000000000000000000000000000000000000000", "--keys", Two],
        ["registry", "register", .. Node, .. Payer, .. Place, "--uri", "no uri"],
        ["registry", "register", .. Node, .. Node, .. Payer, .. Place],
        ["registry", "register", "--rpc", "ftp://node.example", .. Payer, .. Place],
        ["registry", "register", "--rpc", "http://node.example", .. Payer, .. Place],
        ["registry", "register", "--rpc", "https://user:secret@node.example", .. Payer, .. Place],
        ["registry", "register", .. Node, .. Place, "--store", "missing", "--max-fee", "0"],
        ["registry", "register", .. Node, .. Place, "--store", "missing", "--max-fee", "-1"],
        ["registry", "register", .. Node, .. Place, "--store", "missing", "--max-fee", "0.0000000001"],
        ["registry", "register", .. Node, .. Place, "--store", "missing", "--max-fee", "1e9"],
        ["registry", "register", .. Node, .. Place, "--store", "missing", "--max-fee", "30000000000"],
        ["registry", "register", .. Node, .. Place, .. Payer, "--max-priority-fee", "x"],
        ["registry", "register", .. Node, .. Place, .. Payer, "--gas-limit", "1"],
        ["registry", "register", .. Node, .. Place, .. Payer, "--signer", "not a name"],
        ["registry", "deploy", .. Node, .. Payer, "--out", "x"],
        ["registry", "deploy", .. Node, .. Payer, "--chain-id", "1"],
        ["registry", "keys", "add", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "add", "signing", .. Node, .. Place, .. Payer],
        ["registry", "keys", "add", "signing", "--agent", "-1", .. Node, .. Place, .. Payer],
        ["registry", "keys", "add", "not a name", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "rotate", "--new", "next", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "rotate", "--old", "signing", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "revoke", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "revoke", "0x1111111111111111111111111111111111111111111111111111111111111111", "--by-key", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "keys", "revoke", "not a name", "--by-key", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "transfer", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "transfer", "--to", "bob", .. Agent, .. Node, .. Place, .. Payer],
        ["registry", "resolve", "7", .. Node, .. Place],
        ["registry", "resolve", "did:a:b", .. Node],
        ["registry", "resolve", "did:a:b", .. Node, .. Place, "--confirmations", "0"],
        ["registry", "resolve", "did:a:b", .. Node, .. Place, "--max-age", "0"],
        ["registry", "watch", .. Node],
        ["registry", "watch", .. Node, .. Place, "--from-block", "-1"],
        ["registry", "watch", .. Node, .. Place, "--until-block", "9223372036854775808"],
        ["registry", "watch", .. Node, .. Place, "--for", "0"],
        ["registry", "watch", .. Node, .. Place, "--poll", "601"],
        ["registry", "watch", .. Node, .. Place, "--agent", "alice"],
        ["verify"],
        ["verify", "deployment", .. Node],
        ["verify", "deployment", .. Place],
        ["verify", "deployment", .. Node, .. Node, .. Place],
        ["keys", "generate", "--algorithm", "ed25519", "--store", "x"],
        ["keys", "generate", "--algorithm", "ed25519", "--name", "x"],
        ["keys", "generate", "--algorithm", "ed25519", "--store", "x", "--name", "not a name"],
        ["keys", "generate", "--algorithm", "ed25519", "--store", "x", "--name", "y", "--out", "z"],
        ["keys", "generate", "--algorithm", "ed25519", "--store", "x", "--name", "y", "--format", "jwk"],
        ["keys", "generate", "--algorithm", "ed25519", "--store", "x", "--name", "y", "--force"],
    ];

    private static readonly string[][] Commands =
    [
        ["registry"],
        ["registry", "deploy"],
        ["registry", "register"],
        ["registry", "keys"],
        ["registry", "keys", "add"],
        ["registry", "keys", "rotate"],
        ["registry", "keys", "revoke"],
        ["registry", "revoke-all"],
        ["registry", "transfer"],
        ["registry", "deactivate"],
        ["registry", "activate"],
        ["registry", "resolve"],
        ["registry", "watch"],
        ["verify"],
        ["verify", "deployment"],
    ];

    [TestCaseSource(nameof(WrongLines))]
    public async Task A_wrong_command_line_is_exit_code_2_and_one_line(params string[] arguments)
    {
        CliResult result = await Command.RunAsync(arguments);

        Command.AssertFails(result, 2);
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.Not.Contain("secret"));
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Every_command_explains_itself(params string[] command)
    {
        CliResult help = await Command.RunAsync([.. command, "--help"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(help.ExitCode, Is.Zero);
            Assert.That(help.Text, Does.Contain(" " + string.Join(' ', command)).And.Contain("Examples:").Or.Contain("Commands:"));
        }
    }
}
