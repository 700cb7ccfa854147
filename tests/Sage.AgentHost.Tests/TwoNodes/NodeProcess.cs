using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>The program as a process in Production, on a loopback port that stays the same when it is started again.</summary>
/// <param name="settings">Its environment; read when it is started.</param>
/// <param name="published">The output of a publication, which runs as the user of the image; none for what was built.</param>
internal sealed class NodeProcess(IReadOnlyDictionary<string, string> settings, PublishedHost? published = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentQueue<string> output = new();
    private Process? process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>What it wrote to its log so far, of all its lives.</summary>
    public string Output => string.Join('\n', output);

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task StartAsync()
    {
        process = new Process { StartInfo = StartInfo() };
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

    /// <summary>Asks it to stop with SIGTERM; gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using CancellationTokenSource patience = new(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Runs the program beside it with the same settings and one argument; gives its exit code.</summary>
    public async Task<int> RunAsync(string argument)
    {
        ProcessStartInfo start = StartInfo();
        start.ArgumentList.Add(argument);
        using Process beside = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> text = beside.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = beside.StandardError.ReadToEndAsync(patience.Token);
        await beside.WaitForExitAsync(patience.Token);
        output.Enqueue(await text + await errors);
        return beside.ExitCode;
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

    private ProcessStartInfo StartInfo()
    {
        string[] command = published?.Command ?? ["dotnet", Path.Combine(AppContext.BaseDirectory, "Sage.AgentHost.dll")];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = published?.Folder ?? RunningHost.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        return start;
    }
}
