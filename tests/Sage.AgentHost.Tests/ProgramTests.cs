using System.Diagnostics;
using Microsoft.Extensions.Configuration;

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

    [TestCase("urls", "http://127.0.0.1:5391", "http://127.0.0.1:5391/")]
    [TestCase("urls", "https://+:443; http://*:81", "http://127.0.0.1:81/")]
    [TestCase("urls", "http://[::]:82/", "http://127.0.0.1:82/")]
    [TestCase("urls", "http://10.1.2.3:83", "http://10.1.2.3:83/")]
    [TestCase("urls", "https://localhost:443;http://unix:/run/host.sock", null)]
    [TestCase("http_ports", "8080;8081", "http://127.0.0.1:8080/")]
    [TestCase("other", "", "http://127.0.0.1:5000/")]
    public void The_health_is_asked_where_the_host_listens(string key, string value, string? address)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.That(HealthProbe.AddressOf(configuration)?.ToString(), Is.EqualTo(address));
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
