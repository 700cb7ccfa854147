using Sage.Crypto;

namespace Sage.Did.Tests;

/// <summary>An owner with its DID, a signing key and an agreement key, all fresh.</summary>
internal sealed class TestAgent : IDisposable
{
    public static readonly DateTimeOffset Born = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<PrivateKey> keys = [];

    public TestAgent(KeyAlgorithm? algorithm = null)
    {
        Owner = NewSigner(KeyAlgorithm.Secp256k1);
        Did = AgentDid.Parse("did:sage:ethereum:" + Owner.PublicKey.GetEthereumAddress());
        Signer = NewSigner(algorithm ?? KeyAlgorithm.Ed25519);
        Agreement = New(KeyAlgorithm.X25519).PublicKey;
    }

    public KeySigner Owner { get; }

    public AgentDid Did { get; }

    public KeySigner Signer { get; }

    public PublicKey Agreement { get; }

    public PrivateKey New(KeyAlgorithm algorithm)
    {
        PrivateKey key = PrivateKey.Generate(algorithm);
        keys.Add(key);
        return key;
    }

    public KeySigner NewSigner(KeyAlgorithm algorithm) => new(New(algorithm));

    /// <summary>The entry of a signing key, proven for this agent's DID.</summary>
    public RecordKey Entry(KeySigner signer) => RecordKey.CreateSigningKeyAsync(signer, Did, Born).AsTask().GetAwaiter().GetResult();

    public RecordKey NewEntry(KeyAlgorithm algorithm) => Entry(NewSigner(algorithm));

    /// <summary>An honest record without an owner's proof, as other implementations write it.</summary>
    public AgentRecord Record() => new()
    {
        Did = Did,
        Name = "agent",
        Description = "for tests",
        Endpoint = "https://agent.example/a2a",
        Keys = [Entry(Signer)],
        Owner = Owner.PublicKey.GetEthereumAddress(),
        PublicKemKey = Agreement.Export(),
        CreatedAt = "2026-09-01T12:00:00.123456789Z",
        UpdatedAt = "2026-09-01T12:00:00Z",
    };

    /// <summary>A record as the owner would write it after another one.</summary>
    public AgentRecord Signed(AgentRecord? stored, AgentRecord next, string operation, KeySigner? owner = null) =>
        AgentRegistryExtensions.SignAsync(stored, next, operation, owner ?? Owner, default).AsTask().GetAwaiter().GetResult();

    public void Dispose() => keys.ForEach(key => key.Dispose());
}
