using System.Text;

namespace Sage.Cli.Tests;

/// <summary>The sample of the README, run as a reader would run it.</summary>
[TestFixture]
internal sealed class TwoAgentsTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "TwoAgents.dll");

    [Test]
    public async Task The_sample_talks_is_attacked_and_refuses_the_attacker()
    {
        CliResult result = await RunAsync(null, "any", "text");

        Assert.That(result.ExitCode, Is.Zero, result.Text + result.Error);
        string[] lines = [.. result.Lines.Select(line => line.Trim())];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.One.Match("^bob replies +echo:any text$"));
            Assert.That(lines, Has.One.Match("^payload +\"[A-Za-z0-9+/=]+\"$"));
            Assert.That(lines, Has.One.Match("^plaintext in it +no$"));
            foreach (string attack in new[] { "replayed record", "changed record", "impostor", "revoked key", "new session" })
            {
                Assert.That(lines, Has.One.Match($"^{attack} +refused"), attack);
            }

            Assert.That(lines, Has.One.Match("^the session +goes on unharmed$"));
            Assert.That(result.Text, Does.Not.Contain("NOT AS IT SHOULD BE"));
            Assert.That(result.Error, Is.Empty);
        }
    }

    [Test]
    public async Task The_sample_takes_a_large_file()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder["large"], Encoding.ASCII.GetBytes(new string('x', 600 * 1024)));

        CliResult result = await RunAsync(null, "--file", folder["large"]);

        Assert.That(result.ExitCode, Is.Zero, result.Text + result.Error);
        Assert.That(result.Text, Does.Contain("(614405 bytes)").And.Length.LessThan(5000));
    }

    [Test]
    public async Task The_sample_reads_standard_input()
    {
        CliResult result = await RunAsync("from a pipe");

        Assert.That(result.ExitCode, Is.Zero, result.Text + result.Error);
        Assert.That(result.Text, Does.Contain("echo:from a pipe"));
    }

    [TestCase("", null)]
    [TestCase(null, "")]
    [TestCase(null, "--file")]
    [TestCase(null, "--help")]
    public async Task Without_a_text_the_sample_says_how_to_use_it(string? input, string? argument)
    {
        CliResult result = await RunAsync(input, argument is null ? [] : [argument]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("usage:"));
    }

    private static async Task<CliResult> RunAsync(string? input, params string[] arguments)
    {
        using SageProcess process = SageProcess.StartProgram(Sample, null, input, arguments);
        return await process.EndAsync();
    }
}
