using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AotSmoke;

/// <summary>An agent with new keys.</summary>
internal sealed class Agent : IDisposable
{
    private readonly PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
    private readonly PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

    public Agent()
    {
        Did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        Local = new LocalAgent(Did, new KeySigner(signing), agreement);
        Owner = new KeySigner(owner);
    }

    public AgentDid Did { get; }

    public LocalAgent Local { get; }

    public ISigner Owner { get; }

    public PublicKey SigningKey => signing.PublicKey;

    public async Task RegisterAsync(IAgentRegistry registry, string endpoint)
    {
        AgentRecord record = new()
        {
            Did = Did,
            Name = "smoke",
            Endpoint = endpoint,
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), Did, TimeProvider.System.GetUtcNow())],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        Check.That(await registry.RegisterAsync(record, Owner) == RegistryWriteResult.Written, "an agent is registered");
    }

    public void Dispose()
    {
        signing.Dispose();
        agreement.Dispose();
        owner.Dispose();
    }
}
