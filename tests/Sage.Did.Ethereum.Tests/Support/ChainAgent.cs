using Sage.Crypto;
using Sage.Session;

namespace Sage.Did.Ethereum.Tests;

/// <summary>An agent that is registered on a local chain with a signing key and an agreement key, both settled.</summary>
internal sealed class ChainAgent : IDisposable
{
    private const AgentKeyPurposes Both = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    private readonly RegistryChain chain;
    private readonly List<PrivateKey> keys;

    private ChainAgent(RegistryChain chain, UInt256 id, PrivateKey signing, PrivateKey agreement)
    {
        this.chain = chain;
        Id = id;
        keys = [signing, agreement];
        Did = chain.Deployment.FormatDid(id);
        First = NewAgentKey.Prove(chain.Deployment, id, chain.Alice, signing, Both);
        Local = new LocalAgent(Did, new KeySigner(signing), agreement);
    }

    public UInt256 Id { get; }

    public AgentDid Did { get; }

    /// <summary>The key that the agent signs with.</summary>
    public NewAgentKey First { get; }

    public LocalAgent Local { get; }

    public static async Task<ChainAgent> CreateAsync(RegistryChain chain)
    {
        ChainAgent agent = new(chain, await chain.RegisterAsync(), PrivateKey.Generate(KeyAlgorithm.Ed25519), PrivateKey.Generate(KeyAlgorithm.X25519));
        await chain.AddAsync(agent.Id, agent.First, NewAgentKey.ForAgreement(agent.Local.KeyAgreementKey!.PublicKey));
        await chain.SettleAsync();
        return agent;
    }

    public Task RevokeAsync() => chain.RevokeAsync(Id, First.KeyId);

    /// <summary>Puts a new key in front; the first one stays.</summary>
    public async Task<PublicKey> AddInFrontAsync()
    {
        PrivateKey next = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        keys.Add(next);
        await chain.RotateAsync(Id, default, NewAgentKey.Prove(chain.Deployment, Id, chain.Alice, next, Both));
        return next.PublicKey;
    }

    public void Dispose() => keys.ForEach(key => key.Dispose());
}
