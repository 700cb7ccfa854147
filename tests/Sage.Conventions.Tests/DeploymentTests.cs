using System.Diagnostics;

namespace Sage.Conventions.Tests;

/// <summary>What only runs elsewhere (container, composition, workflows), held against its schemas and the files it names by tests/deployment/check.js.</summary>
[TestFixture]
internal sealed class DeploymentTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "deployment");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly object[] Faults =
    [
        new[] { ".github/workflows/test.yml", "timeout-minutes: 45", "name: test", "has no time limit" },
        new[] { ".github/workflows/test.yml", "  contents: read", "  contents: write", "may write in every job" },
        new[] { ".github/workflows/test.yml", "runs-on: ubuntu-24.04", "runs-on: ubuntu-99", "is unknown" },
        new[] { ".github/workflows/test.yml", "actions/checkout@v5", "actions/checkout@main", "names no version" },
        new[] { ".github/workflows/test.yml", "persist-credentials: false", "persist-credentials: true", "leaves credentials behind" },
        new[] { ".github/workflows/test.yml", "./test.sh", "./tests.sh", "./tests.sh does not exist" },
        new[] { ".github/workflows/container.yml", "ignore-unfixed: true", "ignore-unfixed: true\n        continue-on-error: true", "goes on after an error" },
        new[] { ".github/workflows/release.yml", "dotnet restore Sage.sln --locked-mode", "dotnet restore Sage.sln || true", "hides an exit code" },
        new[] { ".github/dependabot.yml", "/contracts", "/contract", "contract does not exist" },
        new[] { "deploy/Dockerfile", "USER $APP_UID", "USER root", "runs as root" },
        new[] { "deploy/Dockerfile", "USER $APP_UID", "", "has no USER" },
        new[] { "deploy/Dockerfile", "HEALTHCHECK", "# HEALTHCHECK", "has no HEALTHCHECK" },
        new[] { "deploy/Dockerfile", "aspnet:10.0-noble-chiseled", "aspnet", "has no version" },
        new[] { "deploy/Dockerfile", "COPY src/ src/", "COPY source/ src/", "source/ does not exist" },
        new[] { "deploy/Dockerfile.dockerignore", "!src", "", "is left out" },
        new[] { "deploy/compose.yaml", "services:", "service:", "follows the Compose specification" },
        new[] { "deploy/compose.yaml", "file:/run/secrets/redis-connection", "redis,password=x", "is not a reference" },
        new[] { "deploy/compose.yaml", "./secrets/redis.conf", "./redis.conf", "not from the folder secrets/" },
        new[] { "deploy/compose.yaml", "127.0.0.1:9090", "0.0.0.0:9090", "listens beyond loopback" },
        new[] { "deploy/compose.yaml", "  read_only: true\n  cap_drop", "  cap_drop", "may write or keeps capabilities" },
        new[] { "deploy/compose.yaml", "prom/prometheus:v3.5.0", "prom/prometheus:latest", "has no version" },
        new[] { "deploy/compose.yaml", "./nginx.conf", "./proxy.conf", "proxy.conf does not exist" },
        new[] { "deploy/compose.yaml", "Sage__Store__Kind", "Sage__Stores__Kind", "Sage:Stores:Kind is not in" },
    ];

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        string missing = "The checks of deploy/ need Node 18 or later with npm, and a registry or its cache: apt-get install -y nodejs npm.";
        try
        {
            (int exitCode, string output) = await RunAsync("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            missing = exitCode == 0 ? "" : $"{missing}\n{output}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npm; the message says how to get it.
        }

        if (missing.Length > 0 && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(missing);
        }

        Assume.That(missing, Is.Empty);
    }

    [Test]
    public async Task Container_composition_and_workflows_hold_what_they_must()
    {
        (int exitCode, string output) = await CheckAsync(Repository.Root);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)), Is.GreaterThan(20));
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_fault_is_found(string file, string good, string bad, string finding)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("sage-deployment-");
        try
        {
            Copy(copy.FullName);
            string path = Path.Combine(copy.FullName, file);
            string text = File.ReadAllText(path);
            Assert.That(text, Does.Contain(good));
            File.WriteAllText(path, text.Replace(good, bad, StringComparison.Ordinal));

            (int exitCode, string output) = await CheckAsync(copy.FullName);

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(output.Split('\n').Where(line => line.StartsWith("not ok", StringComparison.Ordinal)), Has.Some.Contains(finding));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    /// <summary>The two folders whole, and everything else by a link.</summary>
    private static void Copy(string target)
    {
        string[] copied = ["deploy", ".github"];
        foreach (string entry in Directory.EnumerateFileSystemEntries(Repository.Root).Where(entry => !copied.Contains(Path.GetFileName(entry))))
        {
            File.CreateSymbolicLink(Path.Combine(target, Path.GetFileName(entry)), entry);
        }

        foreach (string path in copied.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)))
        {
            string destination = Path.Combine(target, Path.GetRelativePath(Repository.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Copy(path, destination);
        }
    }

    private static Task<(int ExitCode, string Output)> CheckAsync(string root) => RunAsync("node", "check.js", root);

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using CancellationTokenSource patience = new(Patience);
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
