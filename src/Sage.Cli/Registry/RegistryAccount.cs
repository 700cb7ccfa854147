using System.CommandLine;
using Sage.Crypto;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>An account that pays, the store its key is from, and the node it writes through. Disposing it erases the key.</summary>
internal sealed class RegistryAccount : IDisposable
{
    private readonly HttpEthereumRpc rpc;
    private readonly PrivateKey key;

    private RegistryAccount(HttpEthereumRpc rpc, EncryptedFileKeyStore store, PrivateKey key, TransactionSender sender)
    {
        this.rpc = rpc;
        this.key = key;
        Store = store;
        Sender = sender;
        Client = new EthereumClient(rpc);
    }

    public EncryptedFileKeyStore Store { get; }

    public TransactionSender Sender { get; }

    public EthereumClient Client { get; }

    /// <summary>Opens the store and the account in it. The node is not asked yet.</summary>
    /// <exception cref="CommandException">There is no passphrase, or the key is of another kind.</exception>
    /// <exception cref="KeyStoreException">The store does not open, or has no such key.</exception>
    public static async Task<RegistryAccount> OpenAsync(ParseResult parsed, ChainOptions chain, AccountOptions options, ulong chainId, CancellationToken cancellationToken)
    {
        EncryptedFileKeyStore store = await options.OpenStoreAsync(parsed, cancellationToken);
        PrivateKey? key = null;
        RegistryAccount? account = null;
        try
        {
            string name = parsed.GetRequiredValue(options.Signer);
            key = await store.GetAsync(name, cancellationToken: cancellationToken);
            if (key.Algorithm != KeyAlgorithm.Secp256k1)
            {
                throw CommandException.Refused($"The key '{name}' is {key.Algorithm.Name}; an account's key is secp256k1.");
            }

            HttpEthereumRpc rpc = chain.Open(parsed)[0];
            TransactionSender sender = new(new EthereumClient(rpc), new KeyEthereumSigner(key), chainId, options.Bounds(parsed));
            account = new RegistryAccount(rpc, store, key, sender);
            return account;
        }
        finally
        {
            if (account is null)
            {
                key?.Dispose();
                store.Dispose();
            }
        }
    }

    public void Dispose()
    {
        Sender.Dispose();
        rpc.Dispose();
        key.Dispose();
        Store.Dispose();
    }
}
