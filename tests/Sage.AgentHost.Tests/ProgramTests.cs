using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Sage.AgentHost.Tests.TwoNodes;

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
    public async Task It_does_not_start_with_the_switch_that_believes_everybody_who_the_caller_is()
    {
        (int exitCode, _, string errors) = await RunAsync("Development", "--urls", "http://127.0.0.1:0", "--ForwardedHeaders_Enabled", "true");

        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.Contain("ASPNETCORE_FORWARDEDHEADERS_ENABLED").And.Contain("Sage:Limits:TrustedProxies:0"));
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
    [TestCase("https_ports", "443", null)]
    [TestCase("Kestrel:Endpoints:Plain:Url", "http://*:84", "http://127.0.0.1:84/")]
    [TestCase("Kestrel:Endpoints:Tls:Url", "https://*:443", null)]
    [TestCase("urls", "", "http://127.0.0.1:5000/")]
    [TestCase("other", "", "http://127.0.0.1:5000/")]
    public void The_health_is_asked_where_the_host_listens(string key, string value, string? address)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.That(HealthProbe.AddressOf(configuration)?.ToString(), Is.EqualTo(address));
    }

    [Test]
    public async Task The_health_is_asked_at_the_endpoints_of_Kestrel_where_there_are_any()
    {
        string address = $"http://127.0.0.1:{NodeProcess.FreePort()}";
        await using RunningHost host = await RunningHost.StartAsync("--urls", "http://127.0.0.1:1", "--Kestrel:Endpoints:Plain:Url", address);

        Assert.That(host.Application.Urls, Is.EqualTo(new[] { address }));
        Assert.That(await HealthProbe.RunAsync(host.Application.Configuration), Is.Zero);
    }

    [Test]
    public async Task Told_to_stop_by_a_signal_it_is_not_ready_and_answers_on_until_its_delay_is_over()
    {
        await using NodeProcess node = new(new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Sage__Limits__DrainDelay"] = "00:00:05" });
        await node.StartAsync();
        Task<int> exit = node.StopAsync();

        await node.WaitForAsync(HttpStatusCode.ServiceUnavailable);
        using HttpClient newcomer = new();
        using HttpResponseMessage other = await newcomer.GetAsync(new Uri(node.Address, "/agents/did:key:x"));

        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await exit, Is.Zero);
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
