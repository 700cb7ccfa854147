using System.Diagnostics;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>What the image contains: the published program, in a folder that nothing can be written to.</summary>
internal sealed class PublishedHost : IDisposable
{
    // The user of the image, as APP_UID says there.
    private const string User = "1654";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private PublishedHost(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Starts it, without any privilege if this is root.</summary>
    public string[] Command
    {
        get
        {
            string[] host = ["dotnet", Path.Combine(Folder, "Sage.AgentHost.dll")];
            return Environment.UserName == "root" ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--", .. host] : host;
        }
    }

    public static async Task<PublishedHost> PublishAsync()
    {
        string folder = Directory.CreateTempSubdirectory("sage-published-").FullName;
        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        await RunAsync("dotnet", ["publish", RunningHost.Folder, "-c", configuration, "--no-build", "-o", folder, "-p:UseAppHost=false", "-v", "quiet"]);
        await RunAsync("chmod", ["-R", "a-w,a+rX", folder]);
        return new PublishedHost(folder);
    }

    public void Dispose()
    {
        using Process chmod = Process.Start("chmod", ["-R", "u+w", Folder]);
        chmod.WaitForExit();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.That(process.ExitCode, Is.Zero, await output + await errors);
    }
}
