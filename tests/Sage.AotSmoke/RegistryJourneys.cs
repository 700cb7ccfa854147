using Sage.Crypto;
using Sage.Did;

namespace Sage.AotSmoke;

internal static class RegistryJourneys
{
    public static async Task FileAsync()
    {
        using TemporaryFolder folder = new();
        using Agent agent = new();
        FileAgentRegistry registry = new(folder["agents.json"]);
        await agent.RegisterAsync(registry, "https://agent.example/a");
        DidResolution found = await new FileAgentRegistry(folder["agents.json"]).ResolveAsync(agent.Did);
        Check.That(found.Status == DidResolutionStatus.Resolved && agent.SigningKey.Equals(found.HandshakeSigningKey), "a registered agent resolves");
        Check.That(await registry.DeactivateAsync(agent.Did, agent.Owner) == RegistryWriteResult.Written, "an agent is deactivated");
        found = await registry.ResolveAsync(agent.Did);
        Check.That(found.Status == DidResolutionStatus.Deactivated && found.HandshakeSigningKey is null, "a deactivated agent is not trusted");
    }

    public static async Task DidKeyAsync()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        AgentDid did = AgentDid.Parse("did:key:" + Multikey.Encode(key.PublicKey));
        DidResolution found = await new DidKeyResolver().ResolveAsync(did);
        Check.That(found.Status == DidResolutionStatus.Resolved && key.PublicKey.Equals(found.Document?.HandshakeSigningKey), "a did:key resolves to a document");
    }
}
