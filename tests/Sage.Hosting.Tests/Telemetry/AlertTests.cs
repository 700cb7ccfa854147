using System.ComponentModel;
using System.Diagnostics;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>Every alert fires once and stays silent once, by Prometheus' own tool.</summary>
[TestFixture]
internal sealed class AlertTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestCase("check config deploy/prometheus/prometheus.yml")]
    [TestCase("check rules deploy/prometheus/rules.yml")]
    [TestCase("test rules tests/Sage.Hosting.Tests/Telemetry/rules.test.yml")]
    public async Task Prometheus_takes_the_files_and_alerts_fire_when_they_must(string arguments)
    {
        (int exitCode, string output) = await RunAsync(arguments);

        Assert.That(exitCode, Is.Zero, output);
    }

    [Test]
    public void Every_alert_has_a_test()
    {
        string rules = File.ReadAllText(Path.Combine(QueryFiles.Root, "deploy/prometheus/rules.yml"));
        string tests = File.ReadAllText(Path.Combine(QueryFiles.Root, "tests/Sage.Hosting.Tests/Telemetry/rules.test.yml"));
        string[] alerts = [.. rules.Split('\n').Where(line => line.Contains("- alert: ", StringComparison.Ordinal)).Select(line => line.Split(": ")[1])];

        Assert.That(alerts, Is.Not.Empty);
        Assert.That(alerts.Where(alert => !tests.Contains("alertname: " + alert, StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string arguments)
    {
        string tool = Environment.GetEnvironmentVariable("SAGE_PROMTOOL") ?? "promtool";
        Process? started = null;
        try
        {
            started = Process.Start(new ProcessStartInfo(tool, arguments.Split(' ')) { WorkingDirectory = QueryFiles.Root, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            const string Missing = "There is no promtool: it is in Debian's package prometheus; SAGE_PROMTOOL may name it.";
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            {
                Assert.Ignore(Missing);
            }

            Assert.Fail(Missing);
        }

        using Process process = started!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
