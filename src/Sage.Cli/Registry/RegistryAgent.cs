using Sage.Crypto;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>One agent of a deployment, and the account that changes it. Disposing it erases the account's key.</summary>
internal sealed class RegistryAgent(RegistryAccount account, EthereumDeployment deployment, UInt256 agentId) : IDisposable
{
    public EthereumDeployment Deployment => deployment;

    public UInt256 AgentId => agentId;

    public EncryptedFileKeyStore Store => account.Store;

    public EthereumAgentRegistry Registry { get; } = new(deployment, account.Sender);

    /// <summary>Whose word the proofs of new keys must name: the owner at the newest block, who need not be the account.</summary>
    /// <exception cref="CommandException">There is no such agent.</exception>
    public async Task<EthereumAddress> GetOwnerAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await account.Client.GetBlockAsync(BlockTag.Latest, cancellationToken);
        AgentState? state = await new RegistryReader(deployment).ReadAsync(account.Client, agentId, head.Hash, mayPrecede: false, cancellationToken);
        return state?.Owner ?? throw CommandException.Refused($"There is no agent {agentId} at {deployment.IdentityRegistry}.");
    }

    /// <summary>Proves a key of the store for the agent; what it is for follows from its algorithm.</summary>
    /// <exception cref="CommandException">The registry takes no keys of that algorithm.</exception>
    /// <exception cref="KeyStoreException">The store has no such key.</exception>
    public async Task<NewAgentKey> ProveAsync(string name, EthereumAddress owner, CancellationToken cancellationToken)
    {
        using PrivateKey key = await Store.GetAsync(name, cancellationToken: cancellationToken);
        try
        {
            return key.Algorithm.CanAgree
                ? NewAgentKey.ForAgreement(key.PublicKey)
                : NewAgentKey.Prove(deployment, agentId, owner, key, AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion);
        }
        catch (ArgumentException)
        {
            throw CommandException.Refused($"The key '{name}' is {key.Algorithm.Name}; the registry takes ed25519, x25519, secp256k1 and p256.");
        }
    }

    public void Dispose() => account.Dispose();
}
