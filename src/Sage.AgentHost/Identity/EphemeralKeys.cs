using Sage.Crypto;

namespace Sage.AgentHost;

/// <summary>The keys of an agent that lives as long as the process, under the names that the configuration expects.</summary>
internal sealed class EphemeralKeys : IDisposable
{
    private EphemeralKeys()
    {
    }

    public MemoryKeyStore Store { get; } = new();

    public PrivateKey Owner { get; } = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

    public PrivateKey Signing { get; } = PrivateKey.Generate(KeyAlgorithm.Ed25519);

    public PrivateKey Agreement { get; } = PrivateKey.Generate(KeyAlgorithm.X25519);

    public static async Task<EphemeralKeys> CreateAsync(IConfiguration configuration)
    {
        EphemeralKeys keys = new();
        await keys.Store.AddAsync(configuration["Sage:Agent:SigningKey"] ?? "signing", keys.Signing);
        await keys.Store.AddAsync(configuration["Sage:Agent:AgreementKey"] ?? "agreement", keys.Agreement);
        using PrivateKey state = PrivateKey.Generate(KeyAlgorithm.X25519);
        await keys.Store.AddAsync(configuration["Sage:Store:StateKey"] ?? "state", state);
        return keys;
    }

    public void Dispose()
    {
        Store.Dispose();
        Owner.Dispose();
        Signing.Dispose();
        Agreement.Dispose();
    }
}
