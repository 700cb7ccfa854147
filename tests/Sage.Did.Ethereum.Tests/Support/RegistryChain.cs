using System.Text.Json;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests;

/// <summary>A local chain with both contracts, deployed from the code that is committed, and two accounts that the node signs for.</summary>
internal sealed class RegistryChain : IAsyncDisposable
{
    private RegistryChain(Anvil anvil, EthereumAddress alice, EthereumAddress bob)
    {
        Anvil = anvil;
        Alice = alice;
        Bob = bob;
    }

    public Anvil Anvil { get; }

    public EthereumAddress Alice { get; }

    public EthereumAddress Bob { get; }

    public EthereumDeployment Deployment { get; private set; } = null!;

    /// <summary>The gas that deploying it took.</summary>
    public int IdentityRegistryGas { get; private set; }

    /// <summary>The gas that deploying it took.</summary>
    public int KeyRegistryGas { get; private set; }

    public static async Task<RegistryChain> StartAsync(params string[] arguments)
    {
        Anvil anvil = await Anvil.StartAsync(arguments);
        EthereumAddress[] accounts = [.. (await anvil.AskAsync("eth_accounts")).EnumerateArray().Select(account => EthereumAddress.Parse(account.GetString()))];
        RegistryChain chain = new(anvil, accounts[0], accounts[1]);
        (EthereumAddress identity, chain.IdentityRegistryGas) = await chain.DeployAsync("AgentIdentity", []);
        (EthereumAddress keys, chain.KeyRegistryGas) = await chain.DeployAsync("SageKeyRegistry", new AbiWriter().Address(identity).ToArray());
        chain.Deployment = new EthereumDeployment(Anvil.ChainId, identity, keys);
        return chain;
    }

    public EthereumDidResolver Resolver(EthereumDidResolverOptions? options = null, TimeProvider? timeProvider = null, params IEthereumRpc[] endpoints) =>
        new(Deployment, endpoints.Length > 0 ? endpoints : [Anvil.Rpc], options, timeProvider);

    public async Task<UInt256> RegisterAsync()
    {
        JsonElement receipt = await SendAsync(Alice, Deployment.IdentityRegistry, "register()");
        string registered = "0x" + Convert.ToHexStringLower(AbiSignature.Parse("Registered(uint256,string,address)").Hash.Span);
        JsonElement topics = receipt.GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("topics")).Single(topics => topics[0].GetString() == registered);
        return UInt256.FromBigEndian(EthereumHash.Parse(topics[1].GetString()).ToArray());
    }

    public Task AddAsync(UInt256 agentId, params NewAgentKey[] keys) => SendAsync(Alice, Deployment.KeyRegistry, "addKeys(uint256,(uint8,uint8,bytes,bytes)[])", writer =>
    {
        writer.Number(agentId).BeginArray(keys.Length);
        foreach (NewAgentKey key in keys)
        {
            key.WriteTo(writer);
        }

        writer.End();
    });

    public Task RotateAsync(UInt256 agentId, EthereumHash old, NewAgentKey key) =>
        SendAsync(Alice, Deployment.KeyRegistry, "rotateKey(uint256,bytes32,(uint8,uint8,bytes,bytes))", writer => key.WriteTo(writer.Number(agentId).FixedBytes(old.ToArray())));

    public Task RevokeAsync(UInt256 agentId, EthereumHash keyId) =>
        SendAsync(Alice, Deployment.KeyRegistry, "revokeKey(uint256,bytes32)", writer => writer.Number(agentId).FixedBytes(keyId.ToArray()));

    public Task RevokeAllAsync(UInt256 agentId) => SendAsync(Alice, Deployment.KeyRegistry, "revokeAll(uint256)", writer => writer.Number(agentId));

    public Task SetActiveAsync(UInt256 agentId, bool active) => SendAsync(Alice, Deployment.KeyRegistry, "setActive(uint256,bool)", writer => writer.Number(agentId).Bool(active));

    public Task TransferAsync(UInt256 agentId) =>
        SendAsync(Alice, Deployment.IdentityRegistry, "transferFrom(address,address,uint256)", writer => writer.Address(Alice).Address(Bob).Number(agentId));

    /// <summary>Enough blocks for everything so far to be finalized.</summary>
    public Task SettleAsync() => Anvil.MineAsync(3);

    public async Task<JsonElement> SendAsync(EthereumAddress from, EthereumAddress? to, string signature, Action<AbiWriter>? write = null)
    {
        AbiWriter writer = new(AbiSignature.Parse(signature).Selector);
        write?.Invoke(writer);
        return await SendAsync(from, to, writer.ToArray());
    }

    public ValueTask DisposeAsync() => Anvil.DisposeAsync();

    private async Task<(EthereumAddress Address, int Gas)> DeployAsync(string name, byte[] arguments)
    {
        string code = File.ReadAllText(Path.Combine(Abi, name + ".bin")).Trim();
        JsonElement receipt = await SendAsync(Alice, null, [.. Convert.FromHexString(code.StartsWith("0x", StringComparison.Ordinal) ? code[2..] : code), .. arguments]);
        return (EthereumAddress.Parse(receipt.GetProperty("contractAddress").GetString()), Convert.ToInt32(receipt.GetProperty("gasUsed").GetString(), 16));
    }

    private async Task<JsonElement> SendAsync(EthereumAddress from, EthereumAddress? to, byte[] data)
    {
        string target = to is { } contract ? $"\"to\":\"{contract.ToLowerHex()}\"," : "";
        JsonElement hash = await Anvil.AskAsync("eth_sendTransaction", $$"""{"from":"{{from.ToLowerHex()}}",{{target}}"data":"0x{{Convert.ToHexStringLower(data)}}","gas":"0x4c4b40"}""");
        JsonElement receipt;
        do
        {
            // The node mines at once, but answers a little before.
            receipt = await Anvil.AskAsync("eth_getTransactionReceipt", hash.GetRawText());
        }
        while (receipt.ValueKind == JsonValueKind.Null);

        Assert.That(receipt.GetProperty("status").GetString(), Is.EqualTo("0x1"), "The transaction reverted.");
        return receipt;
    }

    private static string Abi
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Sage.sln")))
            {
                folder = folder.Parent;
            }

            return Path.Combine(folder.FullName, "contracts", "abi");
        }
    }
}
