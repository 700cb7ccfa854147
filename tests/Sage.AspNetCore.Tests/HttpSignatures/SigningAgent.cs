using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>An agent with two signing keys in a registry; it signs with the first.</summary>
internal sealed class SigningAgent : IDisposable
{
    private readonly PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly PrivateKey spare = PrivateKey.Generate(KeyAlgorithm.Ed25519);

    public SigningAgent() => Did = AgentDid.Parse("did:sage:ethereum:" + owner.PublicKey.GetEthereumAddress());

    public AgentDid Did { get; }

    public string KeyId => $"{Did.Value}#key-1";

    public KeySigner KeySigner => new(key);

    public async Task RegisterAsync(IAgentRegistry registry, TimeProvider clock)
    {
        RecordKey first = await RecordKey.CreateSigningKeyAsync(new KeySigner(key), Did, clock.GetUtcNow());
        RecordKey second = await RecordKey.CreateSigningKeyAsync(new KeySigner(spare), Did, clock.GetUtcNow());
        AgentRecord record = new() { Did = Did, Name = "test", Endpoint = "https://agent.example.com", Keys = [first, second] };
        Assert.That(await registry.RegisterAsync(record, new KeySigner(owner), clock), Is.EqualTo(RegistryWriteResult.Written));
    }

    public async Task RevokeAsync(IAgentRegistry registry, TimeProvider clock) =>
        Assert.That(await registry.RevokeKeyAsync(Did, key.PublicKey, new KeySigner(owner), clock), Is.EqualTo(RegistryWriteResult.Written));

    public HttpMessageSigner Signer(TimeProvider clock, SignaturePolicy? policy = null) => new(KeySigner, KeyId, policy, timeProvider: clock);

    public void Dispose()
    {
        owner.Dispose();
        key.Dispose();
        spare.Dispose();
    }
}
