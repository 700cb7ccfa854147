using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests;

/// <summary>A new account with some ether on a local node.</summary>
internal sealed class TestAccount : IDisposable
{
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

    private TestAccount() => Signer = new KeyEthereumSigner(key);

    public KeyEthereumSigner Signer { get; }

    public EthereumAddress Address => Signer.Address;

    public static async Task<TestAccount> CreateAsync(Anvil anvil)
    {
        TestAccount account = new();
        await anvil.AskAsync("anvil_setBalance", $"\"{account.Address.ToLowerHex()}\"", "\"0x56bc75e2d63100000\"");
        return account;
    }

    public void Dispose() => key.Dispose();
}
