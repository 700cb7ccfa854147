using System.Text.Json;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.Did.Tests.Vectors;

/// <summary>sage-p1/did.json.</summary>
[TestFixture]
internal sealed class SageDidVectorTests
{
    private JsonDocument suite = null!;

    [OneTimeSetUp]
    public void ReadSuite() => suite = ConformanceData.Json("sage-p1", "did.json");

    [OneTimeTearDown]
    public void DisposeSuite() => suite?.Dispose();

    [Test]
    public void Every_vector_of_the_suite_has_a_test() => Assert.That(
        suite.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.GetProperty("name").GetString()),
        Is.EquivalentTo(new[] { "parse", "chain-aliases", "pop-ed25519", "pop-secp256k1", "a2a-card-proof-ed25519" }));

    [Test]
    public void Parse()
    {
        (JsonElement input, JsonElement output) = Vector("parse");
        string[] valid = Texts(input.GetProperty("valid"));
        JsonElement[] parsed = [.. output.GetProperty("parsed").EnumerateArray()];
        Assert.That(parsed, Has.Length.EqualTo(valid.Length).And.Length.EqualTo(5));
        for (int i = 0; i < valid.Length; i++)
        {
            Assert.That(SageDid.TryParse(valid[i], out SageDid? did), valid[i]);
            Assert.That(
                (did!.Did.Value, did.Chain, did.Identifier),
                Is.EqualTo((Text(parsed[i], "did"), Text(parsed[i], "chain"), Text(parsed[i], "identifier"))));
        }

        string[] invalid = Texts(input.GetProperty("invalid"));
        Assert.That(invalid.Where(text => !SageDid.TryParse(text, out _)), Is.EqualTo(Texts(output.GetProperty("rejected"))));
    }

    [Test]
    public void Chain_aliases()
    {
        (JsonElement input, JsonElement output) = Vector("chain-aliases");
        foreach (string name in Texts(input.GetProperty("names")))
        {
            Assert.That(SageDid.TryParseChain(name, out string? chain), name);
            Assert.That(chain, Is.EqualTo(Text(output.GetProperty("chains"), name)));
        }

        Assert.That(SageDid.Generate("ETH", "0xabc").Value, Is.EqualTo(Text(output, "generated")));
    }

    [TestCase("pop-ed25519", "seed_label", "ed25519")]
    [TestCase("pop-secp256k1", "scalar_label", "secp256k1")]
    public async Task Proof_of_possession(string name, string label, string algorithmName)
    {
        (JsonElement input, JsonElement output) = Vector(name);
        Assert.That(KeyAlgorithm.TryParse(algorithmName, out KeyAlgorithm? algorithm));
        using PrivateKey key = Labelled(algorithm!, Text(input, label));
        AgentDid did = AgentDid.Parse(Text(input, "did"));
        byte[] keyData = Hex(output, "key_data");
        Assert.That(key.PublicKey.Export(), Is.EqualTo(keyData));
        Assert.That(await ProofOfPossession.CreateAsync(new KeySigner(key), did), Is.EqualTo(Hex(output, "proof")));
        Assert.That(ProofOfPossession.Verify(did, key.PublicKey, keyData, Hex(output, "proof")));
    }

    [Test]
    public async Task A2a_card_proof_ed25519()
    {
        (JsonElement input, JsonElement output) = Vector("a2a-card-proof-ed25519");
        byte[] card = System.Text.Encoding.UTF8.GetBytes(Text(output, "card_json"));
        Assert.That(AgentCardProof.Verify(card), Is.EqualTo(AgentCardResult.SelfAsserted));

        using PrivateKey signing = Labelled(KeyAlgorithm.Ed25519, Text(input, "seed_label"));
        using PrivateKey agreement = Labelled(KeyAlgorithm.X25519, Text(input, "kem_label"));
        AgentDid did = AgentDid.Parse(Text(input, "did"));
        DateTimeOffset created = DateTimeOffset.Parse(Text(input, "created"), System.Globalization.CultureInfo.InvariantCulture);
        AgentRecord record = new()
        {
            Did = did,
            Name = Text(input, "name"),
            Description = "SAGE test vector agent",
            Endpoint = Text(input, "endpoint"),
            Keys =
            [
                await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, created),
                RecordKey.CreateAgreementKey(agreement.PublicKey, created),
            ],
            CreatedAt = Text(input, "created"),
            UpdatedAt = Text(input, "created"),
        };
        Assert.That(AgentCardProof.Verify(card, record), Is.EqualTo(AgentCardResult.Valid));

        // Ed25519 is deterministic and what is in the proof is not signed, so only its time differs.
        byte[] made = await AgentCardProof.SignAsync(
            AgentCard.Create(record), new KeySigner(signing), "key-1", DateTimeOffset.Parse("2026-09-12T03:12:02.671951Z", System.Globalization.CultureInfo.InvariantCulture));
        Assert.That(System.Text.Encoding.UTF8.GetString(made), Is.EqualTo(Text(output, "card_json")));
    }

    private (JsonElement Input, JsonElement Output) Vector(string name)
    {
        JsonElement vector = suite.RootElement.GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
        return (vector.GetProperty("input"), vector.GetProperty("output"));
    }

    private static PrivateKey Labelled(KeyAlgorithm algorithm, string label) =>
        PrivateKey.Import(algorithm, System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(label)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(Text(element, name));
}
