using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>nginx with deploy/nginx.conf, where only names and ports are those of this machine.</summary>
internal sealed partial class Proxy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-nginx-");
    private Process? process;

    public Uri Address { get; } = new($"http://127.0.0.1:{NodeProcess.FreePort()}");

    public async Task StartAsync(Uri nodeA, Uri nodeB)
    {
        string program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx" }.FirstOrDefault(File.Exists) ?? "nginx";
        string shipped = await File.ReadAllTextAsync(Path.Combine(RunningHost.Folder, "..", "..", "deploy", "nginx.conf"));
        string local = ResolverPattern().Replace(shipped, "").Replace(" resolve ", " ", StringComparison.Ordinal)
            .Replace("node-a:8080", nodeA.Authority, StringComparison.Ordinal).Replace("node-b:8080", nodeB.Authority, StringComparison.Ordinal)
            .Replace("listen 8080;", $"listen {Address.Authority};", StringComparison.Ordinal).Replace("/tmp/nginx.pid", Path.Combine(folder.FullName, "nginx.pid"), StringComparison.Ordinal);
        Assert.That(local, Does.Not.Contain("node-").And.Not.Contain("resolve"));
        string file = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(file, local);
        process = Process.Start(program, ["-p", folder.FullName, "-e", "stderr", "-c", file, "-g", "daemon off; error_log stderr warn;"]);
        using HttpClient client = new();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri(Address, "/health/live"));
                return;
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            // It ends its workers itself, if it is asked.
            using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"^\s*(#.*|resolver .*)$", RegexOptions.Multiline)]
    private static partial Regex ResolverPattern();
}
