using System.Globalization;

namespace Sage.Did.Ethereum.Tests;

/// <summary>A contract on a local node that writes one log per call: the first word of the call is the topic, the second the data.</summary>
internal sealed class LogEmitter(Anvil anvil, string address = "0x00000000000000000000000000000000000e1009")
{
    // The first account that the node knows how to sign for.
    private const string Sender = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    // MSTORE(0, CALLDATALOAD(32)); LOG1(0, 32, CALLDATALOAD(0))
    private const string Code = "0x60203560005260003560206000a100";

    public EthereumAddress Address { get; } = EthereumAddress.Parse(address);

    public static EthereumHash Word(ulong value) => EthereumHash.Parse("0x" + value.ToString("x64", CultureInfo.InvariantCulture));

    public Task InstallAsync() => anvil.AskAsync("anvil_setCode", $"\"{Address.ToLowerHex()}\"", $"\"{Code}\"").AsTask();

    public async Task EmitAsync(ulong topic, ulong data)
    {
        string call = $"{Word(topic)}{Word(data).ToString()[2..]}";
        await anvil.AskAsync("eth_sendTransaction", $$"""{"from":"{{Sender}}","to":"{{Address.ToLowerHex()}}","data":"{{call}}","gas":"0x186a0"}""");
    }

    /// <summary>Blocks with 0, 1, 2 and 3 logs in turn.</summary>
    public async Task FillAsync(int blocks, ulong topic = 1)
    {
        for (int block = 0; block < blocks; block++)
        {
            for (int log = 0; log < block % 4; log++)
            {
                await EmitAsync(topic, (ulong)((block * 10) + log));
            }

            await anvil.MineAsync();
        }
    }
}
