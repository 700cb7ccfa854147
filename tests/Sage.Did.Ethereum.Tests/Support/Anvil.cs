using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests;

/// <summary>
/// A local Ethereum node of its own on a free loopback port, finalizing the block before the last but one. Without the program the test is skipped, saying how to get
/// it; in continuous integration that is a failure.
/// </summary>
internal sealed class Anvil : IAsyncDisposable
{
    public const ulong ChainId = 31337;

    private readonly Process process;
    private readonly HttpEthereumRpc rpc;

    private Anvil(Process process, Uri url)
    {
        this.process = process;
        Url = url;
        rpc = new HttpEthereumRpc(url, new EthereumRpcOptions { Timeout = TimeSpan.FromSeconds(30) });
        Client = new EthereumClient(rpc);
    }

    public Uri Url { get; }

    public IEthereumRpc Rpc => rpc;

    public EthereumClient Client { get; }

    /// <summary>The path of the program, or null: <c>SAGE_ANVIL</c>, the package beside the contracts, or the PATH.</summary>
    private static string? Path => new[] { Environment.GetEnvironmentVariable("SAGE_ANVIL"), FromPackage(), FromPath() }.FirstOrDefault(File.Exists);

    public static async Task<Anvil> StartAsync(params string[] arguments)
    {
        if (Path is not { } path)
        {
            const string Missing = "anvil is not installed: run 'cd contracts && npm ci', or name it in SAGE_ANVIL.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Missing);
            }

            Assert.Ignore(Missing);
            throw new InvalidOperationException(Missing);
        }

        int port = FreePort();
        Process process = new()
        {
            StartInfo = new ProcessStartInfo(path, ["--port", port.ToString(CultureInfo.InvariantCulture), "--chain-id", "31337", "--slots-in-an-epoch", "1", "--quiet", .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Anvil anvil = new(process, new Uri($"http://127.0.0.1:{port}/"));
        await anvil.WaitUntilReadyAsync();
        return anvil;
    }

    /// <summary>Asks for something only this node knows, such as <c>anvil_mine</c>.</summary>
    public ValueTask<JsonElement> AskAsync(string method, params string[] parameters) => rpc.SendAsync(new EthereumRpcRequest(method, writer =>
    {
        foreach (string parameter in parameters)
        {
            writer.WriteRawValue(parameter);
        }
    }));

    public Task MineAsync(int blocks = 1) => AskAsync("anvil_mine", blocks.ToString(CultureInfo.InvariantCulture)).AsTask();

    public Task ReorgAsync(int depth) => AskAsync("anvil_reorg", depth.ToString(CultureInfo.InvariantCulture), "[]").AsTask();

    public async ValueTask DisposeAsync()
    {
        rpc.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static string? FromPackage()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Sage.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, "contracts", "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
            }
        }

        return null;
    }

    private static string? FromPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "anvil.exe" : "anvil"))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Client.GetChainIdAsync();
                return;
            }
            catch (EthereumRpcException) when (!process.HasExited && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                // A read waits between its own attempts; this only gives it more of them.
                continue;
            }
        }
    }
}
