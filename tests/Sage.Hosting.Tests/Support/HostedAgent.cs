using Sage.Crypto;
using Sage.Did;

namespace Sage.Hosting.Tests.Support;

/// <summary>An agent that hosts run: its keys in a key store in memory, its record for those who look it up.</summary>
internal sealed class HostedAgent : IDisposable
{
    private HostedAgent(AgentDid did, MemoryKeyStore keys, AgentRecord record, int port)
    {
        Did = did;
        Keys = keys;
        Record = record;
        Port = port;
    }

    public AgentDid Did { get; }

    public MemoryKeyStore Keys { get; }

    public AgentRecord Record { get; }

    /// <summary>The loopback port of its endpoint.</summary>
    public int Port { get; }

    public static async Task<HostedAgent> CreateAsync()
    {
        MemoryKeyStore keys = new();
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey state = PrivateKey.Generate(KeyAlgorithm.X25519);
        await keys.AddAsync("signing", signing);
        await keys.AddAsync("agreement", agreement);
        await keys.AddAsync("state", state);
        AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        int port = HostBuilding.FreePort();
        AgentRecord record = new()
        {
            Did = did,
            Name = "hosted",
            Endpoint = $"http://127.0.0.1:{port}",
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, TimeProvider.System.GetUtcNow())],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        return new HostedAgent(did, keys, record, port);
    }

    public void Dispose() => Keys.Dispose();
}
