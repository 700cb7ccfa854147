using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>The program as a process in Production, on a loopback port that stays the same when it is started again.</summary>
internal sealed class NodeProcess(IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentQueue<string> output = new();
    private Process? process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>What it wrote to its log so far, of all its lives.</summary>
    public string Output => string.Join('\n', output);

    public async Task StartAsync()
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sage.AgentHost.dll")])
        {
            WorkingDirectory = RunningHost.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitForAsync(HttpStatusCode.OK);
    }

    /// <summary>Ends it with SIGKILL: it learns nothing of it and finishes nothing.</summary>
    public void Kill() => process!.Kill();

    public async Task WaitUntilGoneAsync()
    {
        await process!.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>The answer of <c>/health/ready</c>, or 0 if there is none.</summary>
    public async Task<HttpStatusCode> ReadinessAsync()
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(Address, "/health/ready"));
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    public async Task WaitForAsync(HttpStatusCode readiness)
    {
        long start = Stopwatch.GetTimestamp();
        while (await ReadinessAsync() != readiness)
        {
            if (process!.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                Assert.Fail($"The node is not {(int)readiness}:\n{Output}");
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            Kill();
        }

        if (process is not null)
        {
            await WaitUntilGoneAsync();
        }

        http.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
