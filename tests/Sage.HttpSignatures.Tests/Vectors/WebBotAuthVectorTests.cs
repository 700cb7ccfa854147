using System.Text;
using System.Text.Json;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The signatures of the Web Bot Auth vectors: both forms of Signature-Agent, and the signed directory.</summary>
[TestFixture]
internal sealed class WebBotAuthVectorTests
{
    private const long Now = 1735689700;
    private const string Agent = "https://signature-agent.test";

    [Test]
    public async Task Every_signature_verifies()
    {
        using JsonDocument document = ConformanceData.Json("web-bot-auth", "vectors.json");
        using JsonDocument appendix = ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement keys = appendix.RootElement.GetProperty("keys");
        int verified = 0;
        foreach (string folder in new[] { "architecture_v1_legacy", "architecture_v2" })
        {
            foreach (JsonElement vector in document.RootElement.GetProperty(folder).EnumerateArray())
            {
                TestMessage message = Read(vector);
                await CheckAsync(message, vector.GetProperty("label").GetString()!, keys.GetProperty(vector.GetProperty("key").GetProperty("kid").GetString()!));
                verified++;
            }
        }

        foreach (JsonElement vector in document.RootElement.GetProperty("draft_protocol_02_vectors").EnumerateArray())
        {
            TestMessage message = ReadDraft(vector);
            string label = message.Value("Signature-Input").Split('=')[0];
            string text = await CheckAsync(message, label, keys.GetProperty(vector.GetProperty("keyRef").GetString()!.Split(' ')[1]));
            Assert.That(text, Is.EqualTo(vector.GetProperty("signatureBase").GetString()));
            verified++;
        }

        TestContext.Out.WriteLine($"Web Bot Auth: {verified}/13 signatures");
        Assert.That(verified, Is.EqualTo(13));

        async Task<string> CheckAsync(TestMessage message, string label, JsonElement key)
        {
            string tag = message.Status > 0 ? "http-message-signatures-directory" : "web-bot-auth";
            string algorithm = key.GetProperty("alg").GetString()!;
            string keyId = algorithm == "ed25519" ? "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U" : "oD0HwocPBSfpNy5W3bpJeyFGY_IQ_YpqxSjQ3Yd-CLA";
            SignaturePolicy policy = Relaxed.Policy with { Tag = tag, KeyId = keyId, Label = label };
            SignatureVerificationResult result = await Rfc9421VectorTests.VerifyAsync(message, policy, keyId, algorithm, key, Now);
            Assert.That(result.Error, Is.EqualTo(SignatureError.None));
            Assert.That((result.Signature!.Tag, result.Signature.Key!.Thumbprint), Is.EqualTo((tag, keyId)));
            (message.Request ?? message).Authority = "other.example";
            Assert.That((await Rfc9421VectorTests.VerifyAsync(message, policy, keyId, algorithm, key, Now)).Error, Is.EqualTo(SignatureError.BadSignature));
            (message.Request ?? message).Authority = message.Request is null ? "example.com" : "signature-agent.test";
            return Rfc9421VectorTests.Build(message, label).Base;
        }
    }

    // The Ed25519 request of architecture_v2, carried here so that it stands without the folder.
    [Test]
    public void A_member_of_a_dictionary_of_agents_is_covered_alone()
    {
        TestMessage message = Request().Add("Signature-Agent", $"agent2=\"{Agent}\"");

        Assert.That(message.ValueOf("\"signature-agent\";key=\"agent2\""), Is.EqualTo($"\"{Agent}\""));
        Assert.That(message.ValueOf("\"signature-agent\";key=\"agent1\""), Is.EqualTo("<ComponentMissing>"));
        Assert.That(message.ValueOf("\"signature-agent\""), Is.EqualTo($"agent2=\"{Agent}\""));
        Assert.That(Request().Add("Signature-Agent", $"\"{Agent}\"").ValueOf("\"signature-agent\";key=\"agent2\""), Is.EqualTo("<InvalidComponentValue>"));
    }

    private static TestMessage Request() => new() { Method = "GET", Authority = "example.com", Target = "/path/to/resource" };

    private static TestMessage Read(JsonElement vector)
    {
        TestMessage message = Request();
        Assert.That(vector.GetProperty("target_url").GetString(), Is.EqualTo("https://example.com/path/to/resource"));
        message.Add("Signature-Input", vector.GetProperty("signature_input").GetString()!).Add("Signature", vector.GetProperty("signature").GetString()!);
        return vector.TryGetProperty("signature_agent", out JsonElement agent) ? message.Add("Signature-Agent", agent.GetString()!) : message;
    }

    private static TestMessage ReadDraft(JsonElement vector)
    {
        TestMessage message = Request();
        if (vector.TryGetProperty("other", out JsonElement other))
        {
            message.Status = 200;
            message.Body = Encoding.UTF8.GetBytes(other[1].GetString()!);
            message.Request = new TestMessage { Method = "GET", Authority = "signature-agent.test", Target = "/.well-known/http-message-signatures-directory" };
        }

        foreach (JsonProperty field in vector.GetProperty("headers").EnumerateObject())
        {
            message.Add(field.Name, field.Value.GetString()!);
        }

        return message;
    }
}
