using System.Diagnostics;

namespace Sage.AgentHost.Tests;

/// <summary>The program as a process.</summary>
internal sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task In_production_without_configuration_it_says_all_that_is_missing_and_does_not_start()
    {
        (int exitCode, string output, string errors) = await RunAsync("Production", "--urls", "http://127.0.0.1:0");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("'Sage:Did' is missing").And.Contain("'Sage:Sessions:Accept' is missing"));
        Assert.That(output + errors, Does.Not.Contain("Now listening").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Asked_for_its_health_while_nothing_listens_it_is_not_well()
    {
        (int exitCode, _, _) = await RunAsync("Production", "--health");

        Assert.That(exitCode, Is.EqualTo(1));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sage.AgentHost.dll"), .. arguments])
        {
            WorkingDirectory = RunningHost.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_HTTP_PORTS"] = "1";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
