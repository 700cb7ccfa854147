using Sage.Did.Ethereum.Tests;

namespace Sage.Cli.Tests;

/// <summary>The sample of agents on a chain, run as a reader would run it.</summary>
[TestFixture]
internal sealed class OnChainAgentsTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "OnChainAgents.dll");

    [Test]
    public async Task The_sample_refuses_a_revoked_key_within_one_block_and_lets_a_rotated_one_go_on()
    {
        // Says how to get the node if it is not here, so that a test never waits for npm.
        await using Anvil anvil = await Anvil.StartAsync();
        using SageProcess process = SageProcess.StartProgram(Sample, null, null, []);

        CliResult result = await process.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.Text + result.Error);
        string[] lines = [.. result.Lines.Select(line => line.Trim())];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.One.Match("^alice +did:sage:eip155:31337:0x[0-9a-f]{40}:0$"));
            Assert.That(lines, Has.One.Match("^first session +goes on under the key it began with$"));
            Assert.That(lines, Has.One.Match("^second session +refused [0-9]+ ms after the revocation was in a block, [01] block later"));
            Assert.That(lines, Has.One.Match("^another session +refused"));
            Assert.That(result.Text, Does.Not.Contain("NOT AS IT SHOULD BE"));
            Assert.That(result.Error, Is.Empty);
        }
    }

    [Test]
    public async Task The_sample_takes_no_argument()
    {
        using SageProcess process = SageProcess.StartProgram(Sample, null, null, ["--help"]);

        CliResult result = await process.EndAsync();

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("usage:"));
    }
}
