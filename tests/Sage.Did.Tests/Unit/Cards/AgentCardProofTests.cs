using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit.Cards;

[TestFixture]
internal sealed class AgentCardProofTests
{
    private TestAgent agent = null!;

    [SetUp]
    public void SetUp() => agent = new TestAgent();

    [TearDown]
    public void TearDown() => agent.Dispose();

    [Test]
    public async Task A_signed_card_verifies_against_the_record_and_is_only_an_assertion_without_it()
    {
        foreach (KeyAlgorithm algorithm in new[] { KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1 })
        {
            KeySigner signer = agent.NewSigner(algorithm);
            AgentRecord record = agent.Record() with { Keys = [agent.Entry(signer)] };
            byte[] card = await AgentCardProof.SignAsync(AgentCard.Create(record), signer, "key-1", TestAgent.Born);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(AgentCardProof.Verify(card), Is.EqualTo(AgentCardResult.SelfAsserted));
                Assert.That(AgentCardProof.Verify(card, record), Is.EqualTo(AgentCardResult.Valid));
                Assert.That(AgentCardProof.Verify(card, record with { Name = "renamed" }), Is.EqualTo(AgentCardResult.Valid), "the record may be newer");
            }
        }
    }

    [Test]
    public async Task The_record_decides_which_key_signs()
    {
        KeySigner other = agent.NewSigner(KeyAlgorithm.Ed25519);
        AgentRecord record = agent.Record();
        byte[] card = await AgentCardProof.SignAsync(AgentCard.Create(record), agent.Signer, "key-1", TestAgent.Born);
        AgentRecord[] others =
        [
            record with { IsActive = false },
            record with { Keys = [] },
            record with { Keys = [agent.Entry(other)] },
            record with { Keys = [agent.Entry(other), .. record.Keys] },
            record with { Revoked = [agent.Signer.PublicKey.Export()] },
            record with { Did = AgentDid.Parse("did:sage:ethereum:other") },
            record with { PublicKemKey = new byte[32] },
        ];
        foreach (AgentRecord changed in others)
        {
            Assert.That(AgentCardProof.Verify(card, changed), Is.EqualTo(AgentCardResult.RecordMismatch));
        }

        AgentDid second = AgentDid.Parse($"{agent.Did}:2");
        RecordKey proven = await RecordKey.CreateSigningKeyAsync(agent.Signer, second, TestAgent.Born);
        AgentRecord sameKey = record with { Did = second, Keys = [proven] };
        Assert.That(sameKey.HandshakeSigningKey, Is.EqualTo(agent.Signer.PublicKey));
        Assert.That(AgentCardProof.Verify(card, sameKey), Is.EqualTo(AgentCardResult.RecordMismatch), "the same key speaks for another DID");

        // What anybody can make: a card for somebody else's DID with a key of their own in it.
        byte[] forged = await AgentCardProof.SignAsync(
            AgentCard.Create(record with { Keys = [agent.Entry(other)] }), other, "key-1", TestAgent.Born);
        Assert.That(AgentCardProof.Verify(forged), Is.EqualTo(AgentCardResult.SelfAsserted));
        Assert.That(AgentCardProof.Verify(forged, record), Is.EqualTo(AgentCardResult.RecordMismatch));
    }

    [Test]
    public async Task A_changed_card_does_not_verify()
    {
        byte[] card = await Signed();
        foreach (string member in new[] { "name", "description", "id", "created", "updated" })
        {
            JsonObject changed = Parse(card);
            changed[member] = member == "id" ? $"{agent.Did}:1" : "changed";
            Assert.That(Verify(changed), Is.Not.EqualTo(AgentCardResult.SelfAsserted), member);
        }

        JsonObject added = Parse(card);
        added["extra"] = 1;
        Assert.That(Verify(added), Is.EqualTo(AgentCardResult.BadSignature));
        JsonObject removed = Parse(card);
        removed.Remove("capabilities");
        Assert.That(Verify(removed), Is.EqualTo(AgentCardResult.BadSignature));
        JsonObject service = Parse(card);
        service["service"]![0]!["uri"] = "https://evil.example";
        Assert.That(Verify(service), Is.EqualTo(AgentCardResult.BadSignature));
    }

    [Test]
    public async Task The_layout_of_the_JSON_does_not_matter()
    {
        JsonObject card = Parse(await Signed());
        JsonObject reordered = [.. card.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))];
        byte[] indented = Encoding.UTF8.GetBytes(reordered.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        Assert.That(AgentCardProof.Verify(indented), Is.EqualTo(AgentCardResult.SelfAsserted));
    }

    [Test]
    public async Task Members_of_others_are_part_of_what_is_signed()
    {
        JsonObject card = Parse(AgentCard.Create(agent.Record()));
        card["x"] = new JsonArray(1, "é", null);
        byte[] signed = await AgentCardProof.SignAsync(Encoding.UTF8.GetBytes(card.ToJsonString()), agent.Signer, "key-1", TestAgent.Born);
        Assert.That(AgentCardProof.Verify(signed), Is.EqualTo(AgentCardResult.SelfAsserted));
        JsonObject changed = Parse(signed);
        changed["x"]![0] = 2;
        Assert.That(Verify(changed), Is.EqualTo(AgentCardResult.BadSignature));
    }

    [Test]
    public async Task The_two_encodings_of_a_key_must_agree()
    {
        byte[] card = await Signed();
        string otherHex = Convert.ToHexStringLower(agent.NewSigner(KeyAlgorithm.Ed25519).PublicKey.Bytes);
        foreach ((string member, string? value) in new[] { ("publicKeyHex", otherHex), ("publicKeyHex", ""), ("publicKeyHex", null), ("publicKeyBase58", "1111"), ("publicKeyBase58", null), ("publicKeyBase58", "0OIl") })
        {
            JsonObject changed = Parse(card);
            changed["publicKey"]![0]![member] = value;
            Assert.That(Verify(changed), Is.EqualTo(AgentCardResult.KeyInvalid), member);
        }
    }

    [Test]
    public async Task The_key_and_the_proof_must_fit()
    {
        byte[] card = await Signed();
        Assert.That(Changed(json => json["proof"]!["type"] = "EcdsaSecp256k1Signature2019"), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["proof"]!["type"] = null), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["publicKey"]![0]!["type"] = "X25519KeyAgreementKey2019"), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["publicKey"]![0]!["controller"] = "did:sage:ethereum:other"), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["publicKey"]!.AsArray().Add(json["publicKey"]![0]!.DeepClone())), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["proof"]!["verificationMethod"] = $"{agent.Did}#key-2"), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json.Remove("publicKey")), Is.EqualTo(AgentCardResult.KeyNotFound));
        Assert.That(Changed(json => json["proof"]!["verificationMethod"] = "did:sage:ethereum:other#key-1"), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["proof"]!["verificationMethod"] = agent.Did.Value), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["proof"]!["proofPurpose"] = "authentication"), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["proof"]!["proofValue"] = "0"), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["proof"]!["proofValue"] = new string('z', 5000)), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["proof"]!["proofValue"] = "11"), Is.EqualTo(AgentCardResult.BadSignature));
        Assert.That(Changed(json => json["proof"] = new JsonArray()), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json.Remove("proof")), Is.EqualTo(AgentCardResult.Malformed));
        Assert.That(Changed(json => json["id"] = 1), Is.EqualTo(AgentCardResult.Malformed));

        AgentCardResult Changed(Action<JsonObject> change)
        {
            JsonObject json = Parse(card);
            change(json);
            return Verify(json);
        }
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"id\":\"did:sage:eth:a\",\"id\":\"did:sage:eth:a\"}")]
    public void What_is_no_card_is_malformed(string text) =>
        Assert.That(AgentCardProof.Verify(Encoding.UTF8.GetBytes(text)), Is.EqualTo(AgentCardResult.Malformed));

    [Test]
    public async Task A_card_that_cannot_be_signed_is_a_mistake_of_the_caller()
    {
        byte[] card = AgentCard.Create(agent.Record());
        Assert.That(() => AgentCardProof.SignAsync(card, agent.NewSigner(KeyAlgorithm.P256), "key-1", TestAgent.Born).AsTask(), Throws.ArgumentException);
        Assert.That(() => AgentCardProof.SignAsync("[]"u8.ToArray(), agent.Signer, "key-1", TestAgent.Born).AsTask(), Throws.ArgumentException);
        Assert.That(() => AgentCardProof.SignAsync("{\"id\":\"a\"}"u8.ToArray(), agent.Signer, "key-1", TestAgent.Born).AsTask(), Throws.ArgumentException);
        byte[] signed = await Signed();
        Assert.That(() => AgentCardProof.SignAsync(signed, agent.Signer, "key-1", TestAgent.Born).AsTask(), Throws.ArgumentException);
    }

    private ValueTask<byte[]> Signed() => AgentCardProof.SignAsync(AgentCard.Create(agent.Record()), agent.Signer, "key-1", TestAgent.Born);

    private static JsonObject Parse(byte[] card) => JsonNode.Parse(card)!.AsObject();

    private static AgentCardResult Verify(JsonObject card) => AgentCardProof.Verify(Encoding.UTF8.GetBytes(card.ToJsonString()));
}
