using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Session;

namespace OnChainAgents;

/// <summary>An agent on the chain: its number there, a signing key, and a key agreement key.</summary>
internal sealed class Identity : IDisposable
{
    private const AgentKeyPurposes Signing = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    private readonly EthereumDeployment deployment;
    private readonly EthereumAgentRegistry registry;
    private readonly EthereumAddress owner;
    private readonly UInt256 agentId;
    private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
    private readonly List<PrivateKey> signing = [PrivateKey.Generate(KeyAlgorithm.Ed25519)];

    private Identity(EthereumDeployment deployment, EthereumAgentRegistry registry, EthereumAddress owner, UInt256 agentId)
    {
        (this.deployment, this.registry, this.owner, this.agentId) = (deployment, registry, owner, agentId);
    }

    public AgentDid Did => deployment.FormatDid(agentId);

    /// <summary>The agent with its newest signing key.</summary>
    public LocalAgent Agent => new(Did, new KeySigner(signing[^1]), agreement);

    /// <summary>In which block the last change is.</summary>
    public ulong ChangedIn { get; private set; }

    public static async Task<Identity> RegisterAsync(EthereumDeployment deployment, Owner owner)
    {
        EthereumAgentRegistry registry = owner.Registry(deployment);
        Identity identity = new(deployment, registry, owner.Address, await registry.RegisterAsync(""));
        identity.Note(await registry.AddKeysAsync(identity.agentId, [identity.Prove(), NewAgentKey.ForAgreement(identity.agreement.PublicKey)]));
        return identity;
    }

    /// <summary>Puts a new signing key first; the old one counts on until it is revoked.</summary>
    public async Task RotateAsync()
    {
        signing.Add(PrivateKey.Generate(KeyAlgorithm.Ed25519));
        Note(await registry.RotateKeyAsync(agentId, default, Prove()));
    }

    /// <summary>Revokes the newest signing key for good.</summary>
    public async Task RevokeNewestAsync() => Note(await registry.RevokeKeyAsync(agentId, Prove().KeyId));

    public void Dispose()
    {
        agreement.Dispose();
        signing.ForEach(key => key.Dispose());
    }

    private NewAgentKey Prove() => NewAgentKey.Prove(deployment, agentId, owner, signing[^1], Signing);

    private void Note(TransactionReceipt receipt) => ChangedIn = receipt.BlockNumber;
}
