using Sage.Crypto;
using Sage.Did.Ethereum;

namespace OnChainAgents;

/// <summary>An account that deploys the registry, owns agents and pays for what is written.</summary>
internal sealed class Owner : IDisposable
{
    // The most this account pays per unit of gas: 10 gwei.
    private static readonly UInt256 MaxFeePerGas = 10_000_000_000;

    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
    private readonly TransactionSender sender;

    public Owner(LocalChain chain)
    {
        KeyEthereumSigner signer = new(key);
        Address = signer.Address;
        sender = new TransactionSender(
            chain.Client, signer, LocalChain.ChainId, new TransactionSenderOptions(MaxFeePerGas) { PollInterval = TimeSpan.FromMilliseconds(100) });
    }

    public EthereumAddress Address { get; }

    /// <summary>Deploys both contracts from the code in the repository.</summary>
    public async Task<EthereumDeployment> DeployAsync()
    {
        EthereumAddress identity = await CreateAsync("AgentIdentity", []);

        // The one argument of the constructor, an address in a word of 32 bytes.
        EthereumAddress keys = await CreateAsync("SageKeyRegistry", [.. new byte[12], .. identity.ToArray()]);
        return new EthereumDeployment(LocalChain.ChainId, identity, keys);
    }

    public EthereumAgentRegistry Registry(EthereumDeployment deployment) => new(deployment, sender);

    public void Dispose()
    {
        (sender as IDisposable)?.Dispose();
        key.Dispose();
    }

    private async Task<EthereumAddress> CreateAsync(string contract, byte[] arguments)
    {
        string code = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "contracts", "abi", contract + ".bin"));
        string digits = code.Trim() is ['0', 'x', .. var rest] ? rest : code.Trim();
        TransactionReceipt receipt = await sender.ExecuteAsync(new TransactionDraft { Data = (byte[])[.. Convert.FromHexString(digits), .. arguments] });
        return receipt.ContractAddress ?? throw new InvalidOperationException($"The deployment of {contract} made no contract.");
    }
}
