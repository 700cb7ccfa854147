using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>
/// The vectors of the ethers project (npm @ethersproject/testcases, MIT), installed once per run from their lock file in
/// tests/ethereum-vectors.
/// </summary>
internal static class EthersVectors
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string?>> Installation = new(InstallAsync);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "ethereum-vectors");

    /// <summary>All cases of a file; without npm or the package the test is skipped, and in continuous integration it fails.</summary>
    public static async Task<JsonElement[]> ReadAsync(string name)
    {
        if (await Installation.Value is { } missing)
        {
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(missing);
            }

            Assert.Ignore(missing);
        }

        string path = Path.Combine(Folder, "node_modules", "@ethersproject", "testcases", "testcases", name + ".json.gz");
        await using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using JsonDocument document = await JsonDocument.ParseAsync(stream);
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone())];
    }

    /// <summary>Runs every case and reports the first few that fail, with how many there are.</summary>
    public static void Check(JsonElement[] cases, int expected, Func<JsonElement, string?> run)
    {
        List<string> failures = [];
        int failed = 0;
        foreach (JsonElement element in cases)
        {
            if (run(element) is { } why)
            {
                failed++;
                if (failures.Count < 5)
                {
                    failures.Add($"{element.GetProperty("name").GetString()}: {why}");
                }
            }
        }

        TestContext.Out.WriteLine($"{cases.Length - failed:N0} of {cases.Length:N0} vectors hold");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failures, Is.Empty, $"{failed} of {cases.Length}");
            Assert.That(cases, Has.Length.EqualTo(expected), "the number of vectors");
        }
    }

    public static byte[] Hex(this JsonElement element) => Convert.FromHexString(element.GetString()!.AsSpan(2));

    public static byte[] Hex(this JsonElement element, string name) => element.GetProperty(name).Hex();

    /// <summary>Null once the package is there, otherwise what is missing and how to get it.</summary>
    private static async Task<string?> InstallAsync()
    {
        ProcessStartInfo start = new("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process npm = Process.Start(start)!;
            npm.StandardInput.Close();
            Task<string> output = npm.StandardOutput.ReadToEndAsync();
            Task<string> errors = npm.StandardError.ReadToEndAsync();
            using CancellationTokenSource patience = new(Patience);
            try
            {
                await npm.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                return $"The package of tests/ethereum-vectors could not be installed: 'npm ci' took longer than {Patience.TotalSeconds} s.";
            }

            return npm.ExitCode == 0
                ? null
                : $"The package of tests/ethereum-vectors could not be installed; 'npm ci' needs a registry or its cache:\n{await output}\n{await errors}";
        }
        catch (Win32Exception)
        {
            return "npm is needed for the public vectors: apt-get install -y npm (or Node from nodejs.org, which brings it).";
        }
    }
}
