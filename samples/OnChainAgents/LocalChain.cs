using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sage.Did.Ethereum;

namespace OnChainAgents;

/// <summary>A node of its own on loopback with a block every two seconds, two blocks behind which everything is final.</summary>
internal sealed class LocalChain : IAsyncDisposable
{
    public const ulong ChainId = 31337;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly HttpEthereumRpc rpc;

    private LocalChain(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        rpc = new HttpEthereumRpc(address);
        Client = new EthereumClient(rpc);
    }

    public Uri Address { get; }

    public EthereumClient Client { get; }

    public static async Task<LocalChain> StartAsync()
    {
        string program = await Anvil.FindAsync();
        int port = FreePort();
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--chain-id", "31337", "--block-time", "2", "--slots-in-an-epoch", "1", "--quiet"];
        Process process = Process.Start(program, arguments);
        LocalChain chain = new(process, new Uri($"http://127.0.0.1:{port}/"));
        try
        {
            await chain.WaitUntilReadyAsync();
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives an account ten ether, which only a local chain does.</summary>
    public async Task FundAsync(EthereumAddress account) => await rpc.SendAsync(new EthereumRpcRequest("anvil_setBalance", writer =>
    {
        writer.WriteStringValue(account.ToString());
        writer.WriteStringValue("0x8ac7230489e80000");
    }));

    /// <summary>Waits until a block is final, which is when others begin to trust what is in it.</summary>
    public async Task FinalizeAsync(ulong block)
    {
        long start = Stopwatch.GetTimestamp();
        while ((await Client.GetBlockAsync(BlockTag.Finalized)).Number < block)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"Block {block} is not final after {Patience.TotalSeconds:F0} s.");
            }

            await Task.Delay(100);
        }
    }

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
            catch (EthereumRpcException) when (!process.HasExited && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(100);
            }
        }
    }
}
