using System.Text.Json.Nodes;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class DidDocumentTests
{
    [Test]
    public void A_record_projects_to_a_document_of_its_usable_keys()
    {
        using TestAgent agent = new();
        RecordKey unproven = new() { Type = RecordKeyType.Ed25519, KeyData = agent.NewSigner(KeyAlgorithm.Ed25519).PublicKey.Export(), Verified = true };
        PublicKey listed = agent.New(KeyAlgorithm.X25519).PublicKey;
        AgentRecord record = agent.Signed(
            null, agent.Record() with { Keys = [unproven, agent.Entry(agent.Signer), RecordKey.CreateAgreementKey(listed, TestAgent.Born)] }, "register");
        DidResolution resolution = DidResolution.FromRecord(agent.Did, record, "test", TestAgent.Born);
        string did = agent.Did.Value;
        JsonNode expected = JsonNode.Parse($$"""
            {
              "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
              "id": "{{did}}",
              "verificationMethod": [
                {"id": "{{did}}#key-2", "type": "Multikey", "controller": "{{did}}", "publicKeyMultibase": "{{Multikey.Encode(agent.Signer.PublicKey)}}"},
                {"id": "{{did}}#kem", "type": "Multikey", "controller": "{{did}}", "publicKeyMultibase": "{{Multikey.Encode(agent.Agreement)}}"},
                {"id": "{{did}}#key-3", "type": "Multikey", "controller": "{{did}}", "publicKeyMultibase": "{{Multikey.Encode(listed)}}"}
              ],
              "authentication": ["{{did}}#key-2"],
              "assertionMethod": ["{{did}}#key-2"],
              "keyAgreement": ["{{did}}#kem", "{{did}}#key-3"],
              "service": [{"id": "{{did}}#messages", "type": "MessageService", "serviceEndpoint": "https://agent.example/a2a"}]
            }
            """)!;
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(resolution.Document!.ToJson()), expected), resolution.Document is null ? "" : System.Text.Encoding.UTF8.GetString(resolution.Document.ToJson()));

        JsonNode metadata = JsonNode.Parse(resolution.ToJson(TestAgent.Born.AddSeconds(1.5)))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonNode.DeepEquals(metadata["didDocument"], expected));
            Assert.That(metadata["didDocumentMetadata"]!.ToJsonString(), Is.EqualTo(
                """{"deactivated":false,"versionId":"1","created":"2026-09-01T12:00:00.123456789Z","updated":"2026-09-01T12:00:00Z"}"""));
            Assert.That(metadata["didResolutionMetadata"]!["source"]!.GetValue<string>(), Is.EqualTo("test"));
            Assert.That(metadata["didResolutionMetadata"]!["observedAt"]!.GetValue<string>(), Is.EqualTo("2026-09-01T12:00:00Z"));
            Assert.That(metadata["didResolutionMetadata"]!["ageSeconds"]!.GetValue<double>(), Is.EqualTo(1.5));
        }
    }

    [TestCase(DidResolutionStatus.NotFound, "notFound", false)]
    [TestCase(DidResolutionStatus.Invalid, "invalidDid", false)]
    [TestCase(DidResolutionStatus.MethodNotSupported, "methodNotSupported", false)]
    [TestCase(DidResolutionStatus.Deactivated, null, true)]
    public void A_resolution_without_a_document_says_why(DidResolutionStatus status, string? error, bool deactivated)
    {
        DidResolution resolution = new(AgentDid.Parse("did:sage:eth:a"), status, "test", TestAgent.Born);
        JsonNode json = JsonNode.Parse(resolution.ToJson(TestAgent.Born))!;
        Assert.That(
            (json["didDocument"], json["didResolutionMetadata"]!["error"]?.GetValue<string>(), json["didDocumentMetadata"]!["deactivated"]!.GetValue<bool>()),
            Is.EqualTo(((JsonNode?)null, error, deactivated)));
    }

    [Test]
    public void A_record_of_another_DID_is_no_answer()
    {
        using TestAgent agent = new();
        AgentDid other = AgentDid.Parse("did:sage:ethereum:other");
        Assert.That(DidResolution.FromRecord(other, agent.Record(), "test", TestAgent.Born).Status, Is.EqualTo(DidResolutionStatus.Invalid));
        DidResolution lie = new(other, DidResolutionStatus.Resolved, "test", TestAgent.Born) { Record = agent.Record() };
        Assert.That((lie.Document, lie.HandshakeSigningKey, lie.Endpoint), Is.EqualTo(((DidDocument?)null, (PublicKey?)null, (string?)null)));
    }

    [Test]
    public void An_answer_is_never_younger_than_nothing()
    {
        DidResolution resolution = new(AgentDid.Parse("did:sage:eth:a"), DidResolutionStatus.NotFound, "test", TestAgent.Born);
        Assert.That(resolution.AgeAt(TestAgent.Born.AddSeconds(-5)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(resolution.AgeAt(TestAgent.Born.AddSeconds(5)), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }
}
