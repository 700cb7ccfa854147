using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sage.Tests;

/// <summary>
/// A Redis server of its own on a free loopback port, with a folder of its own, which can be stopped and started again. Without the
/// program the test is skipped, saying how to get it; in continuous integration that is a failure.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string[] arguments;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-redis-");
    private Process? process;

    private RedisServer(string[] arguments) => this.arguments = arguments;

    public int Port { get; } = FreePort();

    /// <summary>The server in the words of StackExchange.Redis.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The path of the program, or null: <c>SAGE_REDIS_SERVER</c> or the PATH.</summary>
    private static string? Path => new[] { Environment.GetEnvironmentVariable("SAGE_REDIS_SERVER"), FromPath() }.FirstOrDefault(File.Exists);

    /// <summary>Starts a server that keeps nothing on disk unless the arguments say so, such as <c>--appendonly yes</c>.</summary>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        RedisServer server = new(arguments);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program upon the same folder and port.</summary>
    public async Task StartAgainAsync()
    {
        if (Path is not { } path)
        {
            const string Missing = "redis-server is not installed: run 'apt-get install redis-server', or name it in SAGE_REDIS_SERVER.";
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(Missing);
            }

            Assert.Ignore(Missing);
            throw new InvalidOperationException(Missing);
        }

        ProcessStartInfo start = new(path, ["--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", folder.FullName, "--save", "", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        process = new Process { StartInfo = start };
        process.Start();
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilReadyAsync(process);
    }

    /// <summary>Kills the program: what it has not written to disk is gone.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private static string? FromPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => System.IO.Path.Combine(directory, "redis-server"))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Any answer will do but that it is still reading its files: one that wants a password is ready as well.
    private async Task WaitUntilReadyAsync(Process started)
    {
        long start = Stopwatch.GetTimestamp();
        string answer = "";
        while (answer.Length == 0 || answer.StartsWith("-LOADING", StringComparison.Ordinal))
        {
            if (started.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                Assert.Fail("redis-server did not start.");
            }

            await Task.Delay(20);
            answer = await PingAsync();
        }
    }

    private async Task<string> PingAsync()
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            byte[] answer = new byte[64];
            return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer));
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return "";
        }
    }
}
