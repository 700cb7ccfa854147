using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sage.Cli.Tests;

/// <summary>The built command as a process of its own.</summary>
internal sealed class SageProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> error;

    private SageProcess(Process process)
    {
        this.process = process;
        error = process.StandardError.ReadToEndAsync();
    }

    public static SageProcess Start(string? passphrase, params string[] arguments) =>
        StartProgram(typeof(CommandLine).Assembly.Location, passphrase, null, arguments);

    /// <summary>Starts a built program with a passphrase in its environment and a text as its input.</summary>
    public static SageProcess StartProgram(string program, string? passphrase, string? input, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("SAGE_PASSPHRASE");

        // A process that ends so soon never gets back what counting its calls costs.
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (passphrase is not null)
        {
            start.Environment["SAGE_PASSPHRASE"] = passphrase;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new SageProcess(process);
    }

    public static async Task<CliResult> RunAsync(string? passphrase, params string[] arguments)
    {
        using SageProcess sage = Start(passphrase, arguments);
        return await sage.EndAsync();
    }

    /// <summary>Waits for a server to say where it listens.</summary>
    public async Task<string> ReadAddressAsync()
    {
        const string Announcement = "listening on ";
        using CancellationTokenSource timeout = new(Patience);
        string? line = await process.StandardOutput.ReadLineAsync(timeout.Token);
        return line is not null && line.StartsWith(Announcement, StringComparison.Ordinal)
            ? line[Announcement.Length..]
            : throw new AssertionException($"The server said '{line}' and: {await error}");
    }

    public async Task<CliResult> EndAsync()
    {
        using CancellationTokenSource timeout = new(Patience);
        using MemoryStream output = new();
        await process.StandardOutput.BaseStream.CopyToAsync(output, timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new CliResult(process.ExitCode, output.ToArray(), await error);
    }

    /// <summary>Asks the process to end as a service manager (TERM) or a terminal (INT) would.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
