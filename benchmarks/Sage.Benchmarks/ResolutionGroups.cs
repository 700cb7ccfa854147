using Sage.Crypto;
using Sage.Did;

namespace Sage.Benchmarks;

/// <summary>Resolving a DID whose answer is at hand.</summary>
internal static class ResolutionGroups
{
    public static Func<Group>[] All { get; } = [FromCache, Parse];

    private static Group FromCache()
    {
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        RecordKey key = RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, TimeProvider.System.GetUtcNow()).AsTask().GetAwaiter().GetResult();
        AgentRecord record = new() { Did = did, Name = "measured", Endpoint = "https://agent.example", Keys = [key] };
        string path = Path.Combine(Directory.CreateTempSubdirectory("sage-benchmark-").FullName, "agents.json");
        FileAgentRegistry file = new(path);
        if (file.RegisterAsync(record, new KeySigner(owner)).AsTask().GetAwaiter().GetResult() != RegistryWriteResult.Written)
        {
            throw new InvalidOperationException("The record was not written.");
        }

        CachingDidResolver cache = new(file);
        Dictionary<AgentDid, PublicKey> floor = new() { [did] = signing.PublicKey };
        return new Group(
            "key resolution",
            new Candidate("a dictionary", () => Require(floor.TryGetValue(did, out _))),
            new Candidate("CachingDidResolver", () => Require(Done(cache.ResolveAsync(did)).HandshakeSigningKey is not null)),
            new Candidate("FileAgentRegistry (looks at the file)", () => Require(Done(file.ResolveAsync(did)).HandshakeSigningKey is not null)))
        {
            Owner = new Folder(Path.GetDirectoryName(path)!),
        };
    }

    private static Group Parse()
    {
        const string Text = "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3";
        return new Group(
            "DID",
            new Candidate("AgentDid.TryParse", () => Require(AgentDid.TryParse(Text, out _))),
            new Candidate("SageDid.TryParse", () => Require(SageDid.TryParse(Text, out _))))
        {
            FloorCount = 0,
        };
    }

    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }

    private sealed class Folder(string path) : IDisposable
    {
        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
