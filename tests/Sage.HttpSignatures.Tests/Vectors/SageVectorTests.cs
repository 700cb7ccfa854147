using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The golden vectors of SAGE profile P1 §3, through the real policy.</summary>
[TestFixture]
internal sealed class SageVectorTests
{
    // The times of the vectors are fixed; that is what an age of zero is for.
    private static readonly SignaturePolicy Policy = SignaturePolicy.Sage with { MaxAge = TimeSpan.Zero };

    [Test]
    public async Task Every_vector_verifies_under_the_policy_and_is_signed_again()
    {
        using JsonDocument document = ConformanceData.Json("sage-p1", "rfc9421.json");
        List<string> verified = [];
        List<string> signedAgain = [];
        foreach (JsonElement vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string name = vector.GetProperty("name").GetString()!;
            JsonElement input = vector.GetProperty("input");
            JsonElement output = vector.GetProperty("output");
            using PrivateKey key = KeyOf(input);
            TestMessage message = Read(input, output);

            (string text, _) = Rfc9421VectorTests.Build(message, "sig1");
            Assert.That(text, Is.EqualTo(output.GetProperty("signature_base").GetString()), name);
            Assert.That(ContentDigest.Compute(message.Body), Is.EqualTo(output.GetProperty("content_digest").GetString()), name);
            SignatureVerificationResult result = await VerifyAsync(message, input, key);
            Assert.That(result.Error, Is.EqualTo(SignatureError.None), name);
            Assert.That(result.Signature!.KeyId, Is.EqualTo(input.GetProperty("keyid").GetString()), name);
            Assert.That(result.Signature.Algorithm, Is.EqualTo(input.GetProperty("alg").GetString()), name);
            verified.Add(name);

            message.Body[^1] ^= 1;
            Assert.That((await VerifyAsync(message, input, key)).Error, Is.EqualTo(SignatureError.DigestMismatch), name);
            message.Body[^1] ^= 1;
            if (vector.GetProperty("mode").GetString() == "deterministic")
            {
                SignatureFields fields = await SignAsync(message.Set("Signature", null).Set("Signature-Input", null), input, key);
                Assert.That(fields.SignatureInput, Is.EqualTo(output.GetProperty("signature_input").GetString()), name);
                Assert.That(fields.Signature, Is.EqualTo(output.GetProperty("signature").GetString()), name);
                signedAgain.Add(name);
            }
        }

        TestContext.Out.WriteLine($"SAGE P1 rfc9421.json: {verified.Count}/6 verified, {signedAgain.Count}/5 signed again");
        Assert.That(verified, Is.EqualTo(new[]
        {
            "request-ed25519", "request-es256k", "request-ecdsa-p256-sha256", "request-target-ed25519", "request-tag-ed25519", "response-ed25519",
        }));
        Assert.That(signedAgain, Has.Count.EqualTo(5));
    }

    // The vector request-es256k, carried here so that it stands without the folder.
    [Test]
    public async Task An_es256k_request_is_signed_as_the_profile_says()
    {
        using PrivateKey key = KeyOf("secp256k1", "agent-a");
        TestMessage message = new()
        {
            Authority = "agent-b.example",
            Target = "/mcp/tools/call",
            Body = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}"""u8.ToArray(),
            Fields =
            [
                ("Content-Type", "application/json"),
                ("Date", "Tue, 01 Sep 2026 12:00:00 GMT"),
                ("X-SAGE-DID", "did:sage:ethereum:0x1111111111111111111111111111111111111111"),
            ],
        };
        message.Add("Content-Digest", ContentDigest.Compute(message.Body));
        HttpMessageSigner signer = new(
            new KeySigner(key), "did:sage:ethereum:0x1111111111111111111111111111111111111111#key-1", Policy, timeProvider: At(1788609600));

        SignatureFields fields = await signer.SignAsync(message.ToContext(), new SigningOverrides { Nonce = "8f0c5b1c-0d1a-4c8e-9a51-6d2e4b7f1a10" });

        Assert.That(fields.SignatureInput, Is.EqualTo(
            "sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\" \"x-sage-did\" \"date\");"
            + "keyid=\"did:sage:ethereum:0x1111111111111111111111111111111111111111#key-1\";alg=\"es256k\";created=1788609600;nonce=\"8f0c5b1c-0d1a-4c8e-9a51-6d2e4b7f1a10\""));
        Assert.That(fields.Signature, Is.EqualTo("sig1=:rZthbrTozRBvu8FVn/Dd1LRM1jpdvAzN8wRnslT+XbA1229t+ISKMnGm9Fupt+DhRmdP03oZyodv/iVAJ56bwQE=:"));
    }

    private static FakeTimeProvider At(long created) => new(DateTimeOffset.FromUnixTimeSeconds(created));

    private static PrivateKey KeyOf(JsonElement input)
    {
        string[] label = input.GetProperty("key_label").GetString()!.Split('/');
        return KeyOf(label[2], label[3]);
    }

    private static PrivateKey KeyOf(string algorithm, string agent)
    {
        Assert.That(KeyAlgorithm.TryParse(algorithm, out KeyAlgorithm? known));
        return PrivateKey.Import(known!, SHA256.HashData(Encoding.UTF8.GetBytes($"sage-spec/vectors/{algorithm}/{agent}")));
    }

    private static async Task<SignatureVerificationResult> VerifyAsync(TestMessage message, JsonElement input, PrivateKey key)
    {
        FakeTimeProvider time = At(input.GetProperty("created").GetInt64());
        string keyId = input.GetProperty("keyid").GetString()!;
        HttpMessageVerifier verifier = new(new TestKeys(time).Add(keyId, keyId.Split('#')[0], key.PublicKey), new InMemoryNonceStore(time), timeProvider: time);
        return await verifier.VerifyAsync(message.ToContext(), Policy);
    }

    private static ValueTask<SignatureFields> SignAsync(TestMessage message, JsonElement input, PrivateKey key)
    {
        string[] usual = ["\"@method\"", "\"@target-uri\"", "\"@authority\"", "\"content-type\"", "\"content-digest\"", "\"x-sage-did\"", "\"date\""];
        HttpMessageSigner signer = new(new KeySigner(key), input.GetProperty("keyid").GetString()!, Policy, timeProvider: At(input.GetProperty("created").GetInt64()));
        return signer.SignAsync(message.ToContext(), new SigningOverrides
        {
            Nonce = input.GetProperty("nonce").GetString(),
            Tag = input.TryGetProperty("tag", out JsonElement tag) ? tag.GetString() : null,
            AdditionalComponents = message.Status > 0
                ? []
                : [.. input.GetProperty("covered").EnumerateArray().Select(item => item.GetString()!).Except(usual).Select(SignatureComponent.Parse)],
        });
    }

    private static TestMessage Read(JsonElement input, JsonElement output)
    {
        TestMessage message = ReadUnsigned(input);
        message.Add("Content-Digest", output.GetProperty("content_digest").GetString()!)
            .Add("Signature-Input", output.GetProperty("signature_input").GetString()!)
            .Add("Signature", output.GetProperty("signature").GetString()!);
        if (input.TryGetProperty("request", out JsonElement request))
        {
            message.Status = input.GetProperty("status").GetInt32();
            message.Request = ReadUnsigned(request);
            message.Request.Add("Content-Digest", ContentDigest.Compute(message.Request.Body))
                .Add("Signature-Input", output.GetProperty("request_signature_input").GetString()!)
                .Add("Signature", output.GetProperty("request_signature").GetString()!);
        }

        return message;
    }

    private static TestMessage ReadUnsigned(JsonElement input)
    {
        TestMessage message = new()
        {
            Body = Encoding.UTF8.GetBytes(input.GetProperty("body").GetString()!),
            Fields = [.. input.GetProperty("headers").EnumerateObject().Select(field => (field.Name, field.Value.GetString()!))],
        };
        if (input.TryGetProperty("url", out JsonElement url))
        {
            Uri uri = new(url.GetString()!);
            message.Method = input.GetProperty("method").GetString()!;
            message.Scheme = uri.Scheme;
            message.Authority = uri.Authority;
            message.Target = uri.PathAndQuery;
        }

        return message;
    }
}
