namespace Sage.Cli.Tests;

/// <summary>The sample that signs the Model Context Protocol, run as a reader would run it.</summary>
[TestFixture]
internal sealed class McpAgentTests
{
    [Test]
    public async Task Signed_calls_reach_the_tools_by_name_and_unsigned_repeated_or_misdirected_ones_do_not()
    {
        using SageProcess process = SageProcess.StartProgram(Path.Combine(AppContext.BaseDirectory, "McpAgent.dll"), null, null);

        CliResult result = await process.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.Text + result.Error);
        string[] lines = [.. result.Lines.Select(line => line.Trim())];
        string alice = lines[0].Split(' ')[^1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(alice, Does.StartWith("did:key:z6Mk"));
            Assert.That(lines, Has.One.Match("^tools +add, whoami$"));
            Assert.That(lines, Has.One.Match("^add 2 and 3 +5$"));
            Assert.That(lines, Has.One.Match($"^whoami +{alice}$"));
            Assert.That(lines, Has.One.Match("^the same again +Unauthorized$"));
            Assert.That(lines, Has.One.Match("^unsigned client +Unauthorized$"));
            Assert.That(lines, Has.One.Match("^other answerer +WrongSigner$"));
            Assert.That(result.Error, Is.Empty);
        }
    }
}
