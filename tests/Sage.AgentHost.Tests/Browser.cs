using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sage.AgentHost.Tests;

/// <summary>
/// Chromium without a window, which reaches this machine alone. Without the program the test is skipped, saying how to get it; in
/// continuous integration that is a failure.
/// </summary>
internal static partial class Browser
{
    private const string Missing = "Chromium is not installed: run 'apt-get install chromium', or name it in SAGE_CHROMIUM.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static string? Program => new[] { Environment.GetEnvironmentVariable("SAGE_CHROMIUM") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "chromium")))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page, lets its scripts run, and gives what it became, and what the browser said about it on its console.</summary>
    public static async Task<(string Dom, string[] Console)> OpenAsync(Uri page)
    {
        if (Program is not { } program)
        {
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(Missing);
            }

            Assert.Ignore(Missing);
            throw new InvalidOperationException(Missing);
        }

        DirectoryInfo profile = Directory.CreateTempSubdirectory("sage-chromium-");
        ProcessStartInfo start = new(program, [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            $"--user-data-dir={profile.FullName}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--window-size=1280,4000", "--virtual-time-budget=10000", "--enable-logging=stderr",
            "--dump-dom", page.AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        using CancellationTokenRegistration stop = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        Task<string> dom = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> log = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.That(process.ExitCode, Is.Zero, await log);
        profile.Delete(recursive: true);
        return (await dom, [.. ConsolePattern().Matches(await log).Select(match => match.Groups[1].Value)]);
    }

    [GeneratedRegex(@":CONSOLE:\d+\] (.*)")]
    private static partial Regex ConsolePattern();
}
