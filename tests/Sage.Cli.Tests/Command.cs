using System.Text;

namespace Sage.Cli.Tests;

/// <summary>Runs the command in this process, with streams of its own.</summary>
internal static class Command
{
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public static async Task<CliResult> RunAsync(byte[] input, params string[] arguments)
    {
        using MemoryStream standardInput = new(input);
        using MemoryStream output = new();
        using MemoryStream error = new();
        int exitCode = await CommandLine.RunAsync(arguments, new Terminal(standardInput, output, error), CancellationToken.None);
        return new CliResult(exitCode, output.ToArray(), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>One line that names the command, and nothing that looks like a stack trace.</summary>
    public static void AssertFails(CliResult result, int exitCode, string says = "")
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Error);
            Assert.That(result.Error, Does.StartWith("sage: ").And.Contain(says).And.Not.Contain("   at "));
            Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain('\n'));
        }
    }

    /// <summary>Compares whole arrays at once: the constraint for collections looks at each byte as an object.</summary>
    public static void AssertOutput(CliResult result, ReadOnlySpan<byte> expected)
    {
        Assert.That(result.Output, Has.Length.EqualTo(expected.Length), result.Error);
        Assert.That(result.Output.AsSpan().SequenceEqual(expected), Is.True, "these are other bytes");
    }
}
