using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AgentHost.Tests;

/// <summary>Another agent, with a record that its owner signed.</summary>
internal sealed class Peer : IDisposable
{
    private readonly PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
    private readonly PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);

    public Peer()
    {
        Did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        Local = new LocalAgent(Did, new KeySigner(signing), agreement);
    }

    public AgentDid Did { get; }

    public LocalAgent Local { get; }

    public ISigner Signer => new KeySigner(signing);

    /// <summary>The first version of its record, as JSON with the owner's proof.</summary>
    public async Task<byte[]> RecordAsync()
    {
        InMemoryAgentRegistry scratch = new();
        await RegisterAsync(scratch);
        return (await scratch.GetAsync(Did))!.ToJson();
    }

    /// <summary>Writes the first version of its record.</summary>
    public async Task RegisterAsync(IAgentRegistry registry)
    {
        AgentRecord record = new()
        {
            Did = Did,
            Name = "peer",
            Endpoint = "http://127.0.0.1:1",
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), Did, TimeProvider.System.GetUtcNow())],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        Assert.That(await registry.RegisterAsync(record, new KeySigner(owner)), Is.EqualTo(RegistryWriteResult.Written));
    }

    public void Dispose()
    {
        owner.Dispose();
        signing.Dispose();
        agreement.Dispose();
    }
}
