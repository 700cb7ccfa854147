using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Interop.Tests;

/// <summary>The session client against a callee that lies in every way the profile forbids (tests/interop/lie.mjs).</summary>
[NonParallelizable]
internal sealed class HostilePeerTests
{
    [TestCase("ed25519")]
    [TestCase("secp256k1")]
    public async Task Every_lie_is_refused_and_every_honest_variant_is_understood(string algorithm)
    {
        string folder = Directory.CreateTempSubdirectory("sage-lies-").FullName;
        try
        {
            string registryPath = Path.Combine(folder, "agents.json");
            using RunningProcess liar = RunningProcess.Node("lie.mjs", "--registry", registryPath, "--algorithm", algorithm);
            using JsonDocument announced = JsonDocument.Parse(await liar.ReadLineAsync("{"));
            JsonElement peer = announced.RootElement;

            FileAgentRegistry registry = new(registryPath);
            using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
            using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
            KeySigner signer = new(signing);
            AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
            AgentRecord record = new()
            {
                Did = did,
                Keys = [new RecordKey { Type = RecordKeyType.Ed25519, KeyData = signing.PublicKey.Export(), Signature = await ProofOfPossession.CreateAsync(signer, did), Verified = true }],
            };
            Assert.That(await registry.RegisterAsync(record, new KeySigner(owner)), Is.EqualTo(RegistryWriteResult.Written));

            EndpointPolicy policy = new() { AllowLoopback = true, AllowHttp = true };
            using HttpSessionTransport transport = new(policy);
            SessionClient client = new(new LocalAgent(did, signer), registry, transport, new AgentSessionOptions { Endpoints = policy });
            AgentDid liarDid = AgentDid.Parse(peer.GetProperty("did").GetString()!);
            List<string> misses = [];
            int cases = 0;
            foreach (JsonElement item in peer.GetProperty("cases").EnumerateArray())
            {
                cases++;
                string expected = item.GetProperty("expect").GetString()!;
                string outcome = await TryAsync(client, liarDid, new Uri(peer.GetProperty("url").GetString() + item.GetProperty("path").GetString()));
                if (outcome != expected && !(expected == "refused" && outcome.StartsWith("refused", StringComparison.Ordinal)))
                {
                    misses.Add($"{item.GetProperty("name").GetString()}: expected {expected}, got {outcome}");
                }
            }

            Assert.That(misses, Is.Empty, string.Join('\n', misses));
            Assert.That(cases, Is.GreaterThan(300));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> TryAsync(SessionClient client, AgentDid did, Uri url)
    {
        try
        {
            await using AgentSession session = await client.OpenAsync(did, url);
            SessionMessage reply = await session.RequestAsync("hello"u8.ToArray());
            return Encoding.UTF8.GetString(reply.Content.Span) == "echo:hello" ? "ok" : "a wrong reply";
        }
        catch (SessionException e)
        {
            return "refused: " + e.Error;
        }
    }
}
