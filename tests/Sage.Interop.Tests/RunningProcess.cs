using System.Diagnostics;

namespace Sage.Interop.Tests;

/// <summary>A process of the test's own, stopped by its id when the test is done.</summary>
internal sealed class RunningProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly Task<string> errors;
    private Task drained = Task.CompletedTask;

    private RunningProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static string OutputFolder => Path.GetDirectoryName(typeof(RunningProcess).Assembly.Location)!;

    /// <summary>Starts the peer written in JavaScript.</summary>
    public static RunningProcess Node(string script, params string[] arguments) =>
        Start("node", [Path.Combine(OutputFolder, "peer", script), .. arguments]);

    /// <summary>Starts the sage command as a user would, with a passphrase in its environment.</summary>
    public static RunningProcess Sage(params string[] arguments) =>
        Start("dotnet", ["exec", Path.Combine(OutputFolder, "sage.dll"), .. arguments]);

    /// <summary>Runs to the end and returns what was printed; anything but exit code 0 fails the test.</summary>
    public static async Task<string> RunAsync(RunningProcess started)
    {
        using (started)
        {
            Task<string> output = started.process.StandardOutput.ReadToEndAsync();
            using CancellationTokenSource patience = new(Patience);
            await started.process.WaitForExitAsync(patience.Token);
            Assert.That(started.process.ExitCode, Is.Zero, $"{await output}\n{await started.errors}");
            return await output;
        }
    }

    /// <summary>Runs to the end and returns the exit code.</summary>
    public static async Task<int> ExitCodeAsync(RunningProcess started)
    {
        using (started)
        {
            Task<string> output = started.process.StandardOutput.ReadToEndAsync();
            using CancellationTokenSource patience = new(Patience);
            await started.process.WaitForExitAsync(patience.Token);
            await Task.WhenAll(output, started.errors);
            return started.process.ExitCode;
        }
    }

    /// <summary>Reads the first line that begins with a prefix; the rest of the output is drained in the background.</summary>
    public async Task<string> ReadLineAsync(string prefix)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                drained = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return line;
            }
        }

        throw new AssertionException($"The process ended without printing '{prefix}…': {await errors}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static RunningProcess Start(string file, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SAGE_PASSPHRASE"] = "correct horse battery staple";
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new RunningProcess(process);
    }
}
