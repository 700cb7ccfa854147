using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The signatures of the Web Bot Auth vectors: both forms of Signature-Agent, and the signed directory.</summary>
[TestFixture]
internal sealed class WebBotAuthVectorTests
{
    private const string Agent = "https://signature-agent.test";

    [Test]
    public async Task Every_signature_verifies()
    {
        using JsonDocument document = ConformanceData.Json("web-bot-auth", "vectors.json");
        using JsonDocument appendix = ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement keys = appendix.RootElement.GetProperty("keys");
        int verified = 0;
        int throughTheVerifier = 0;
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

        TestContext.Out.WriteLine($"Web Bot Auth: {verified}/13 signatures, {throughTheVerifier} of them through the verifier");
        Assert.That((verified, throughTheVerifier), Is.EqualTo((13, 7)));

        async Task<string> CheckAsync(TestMessage message, string label, JsonElement key)
        {
            (string text, byte[] signature) = Rfc9421VectorTests.Build(message, label);
            string algorithm = key.GetProperty("alg").GetString()!;
            Assert.That(Rfc9421VectorTests.Verifies(algorithm, key, Encoding.ASCII.GetBytes(text), signature), text);
            Assert.That(Rfc9421VectorTests.Verifies(algorithm, key, Encoding.ASCII.GetBytes(text + " "), signature), Is.False);
            if (algorithm == "ed25519")
            {
                await VerifyAsync(message, key);
                throughTheVerifier++;
            }

            return text;
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

    private static async Task VerifyAsync(TestMessage message, JsonElement key)
    {
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1735689700));
        using PrivateKey own = Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(key.GetProperty("jwk").GetRawText()));
        HttpMessageVerifier verifier = new(new TestKeys(time).Add(own.PublicKey.Thumbprint, Agent, own.PublicKey), timeProvider: time);
        string tag = message.Status > 0 ? "http-message-signatures-directory" : "web-bot-auth";
        SignatureVerificationResult result = await verifier.VerifyAsync(message.ToContext(), Relaxed.Policy with { Tag = tag });
        Assert.That(result.Error, Is.EqualTo(SignatureError.None));
        Assert.That(result.Signature!.Tag, Is.EqualTo(tag));
        Assert.That(result.Signature.Subject, Is.EqualTo(Agent));
    }
}
