using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The values of section 2 and the cases of Appendix B (and sections 2.4, 3.1, 4.3) of RFC 9421, whole.</summary>
[TestFixture]
internal sealed class Rfc9421VectorTests
{
    [Test]
    public void Every_component_of_section_2_has_the_value_that_the_RFC_gives()
    {
        int right = 0;
        int groups = 0;
        using JsonDocument document = ConformanceData.Json("rfc9421", "appendix-b.json");
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement group in document.RootElement.GetProperty("componentVectors").EnumerateArray())
            {
                groups++;
                TestMessage message = Read(group.GetProperty("message"));
                message.Scheme = group.TryGetProperty("scheme", out JsonElement scheme) ? scheme.GetString()! : "https";
                foreach (JsonElement pair in group.GetProperty("expect").EnumerateArray())
                {
                    string value = message.ValueOf(pair[0].GetString()!, Relaxed.Policy);
                    Assert.That(value, Is.EqualTo(pair[1].GetString()), $"{group.GetProperty("section")} {pair[0]}");
                    right += value == pair[1].GetString() ? 1 : 0;
                }
            }

            TestContext.Out.WriteLine($"RFC 9421: {right}/37 component values in {groups} groups");
            Assert.That((right, groups), Is.EqualTo((37, 16)));
        }
    }

    [Test]
    public async Task Every_case_has_the_base_and_the_verdict_that_the_RFC_gives()
    {
        int right = 0;
        int bases = 0;
        int signedAgain = 0;
        using JsonDocument document = ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement keys = document.RootElement.GetProperty("keys");
        foreach (JsonElement test in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            string id = test.GetProperty("id").GetString()!;
            string algorithm = test.GetProperty("alg").GetString()!;
            bool expected = test.GetProperty("expectedValid").GetBoolean();
            JsonElement key = keys.GetProperty(test.GetProperty("keyid").GetString()!);
            TestMessage message = ReadCase(test);
            (string text, byte[] signature) = Build(message, test.GetProperty("label").GetString()!);
            if (test.GetProperty("signatureBase").GetString() is { } given)
            {
                Assert.That(text, Is.EqualTo(given), id);
                bases++;
            }

            SignatureVerificationResult result = await VerifyAsync(
                message, Relaxed.Policy with { Label = test.GetProperty("label").GetString() }, test.GetProperty("keyid").GetString()!, algorithm, key, now: 1618884500);
            Assert.That(result.Error, Is.EqualTo(expected ? SignatureError.None : SignatureError.BadSignature), id);
            right++;
            if (test.GetProperty("deterministic").GetBoolean() && expected)
            {
                Assert.That(SignAgain(algorithm, key, Encoding.ASCII.GetBytes(text)), Is.EqualTo(signature), id);
                signedAgain++;
            }
        }

        TestContext.Out.WriteLine($"RFC 9421: {right}/20 cases, {bases} bases byte for byte, {signedAgain} signatures made again");
        Assert.That((right, bases, signedAgain), Is.EqualTo((20, 15, 6)));
    }

    // Appendix B.2.6, carried here so that it stands without the folder.
    [Test]
    public async Task The_request_of_appendix_B_2_6_verifies_and_is_signed_again()
    {
        TestMessage message = AppendixRequest()
            .Add("Signature-Input", "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"")
            .Add("Signature", "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:");
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Convert.FromHexString("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"));

        (string text, byte[] signature) = Build(message, "sig-b26");

        Assert.That(text, Is.EqualTo("""
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@method": POST
            "@path": /foo
            "@authority": example.com
            "content-type": application/json
            "content-length": 18
            "@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"
            """.ReplaceLineEndings("\n")));
        Assert.That(key.Sign(Encoding.ASCII.GetBytes(text)), Is.EqualTo(signature));
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1618884480));
        HttpMessageVerifier verifier = new(new TestKeys(time).Add("test-key-ed25519", "the appendix", key.PublicKey), timeProvider: time);
        Assert.That((await verifier.VerifyAsync(message.ToContext(), Relaxed.Policy)).Error, Is.EqualTo(SignatureError.None));
    }

    [Test]
    public void The_digests_of_the_appendix_are_those_of_its_bodies()
    {
        Assert.That(ContentDigest.Compute("""{"hello": "world"}"""u8, DigestAlgorithm.Sha512), Is.EqualTo(
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"));

        // A draft had another digest here, of another body; some test suites still carry it.
        Assert.That(ContentDigest.Compute("""{"message": "good dog"}"""u8, DigestAlgorithm.Sha512), Is.EqualTo(
            "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"));
    }

    internal static TestMessage AppendixRequest() => new()
    {
        Method = "POST",
        Authority = "example.com",
        Target = "/foo?param=Value&Pet=dog",
        Body = """{"hello": "world"}"""u8.ToArray(),
        Fields =
        [
            ("Host", "example.com"),
            ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("Content-Type", "application/json"),
            ("Content-Digest", "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"),
            ("Content-Length", "18"),
        ],
    };

    /// <summary>The base of one label as the verifier builds it, and the signature it compares.</summary>
    internal static (string Base, byte[] Signature) Build(TestMessage message, string label)
    {
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, message.Value("Signature-Input"), out StructuredField? inputs));
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, message.Value("Signature"), out StructuredField? signatures));
        int index = Enumerable.Range(0, inputs!.Count).Single(i => inputs[i].Key.SequenceEqual(label));
        Assert.That(ReceivedSignature.TryRead(inputs, index, signatures!, out ReceivedSignature received), Is.EqualTo(SignatureError.None));
        Assert.That(received.ReadComponents(out SignatureComponent[] components), Is.EqualTo(SignatureError.None));
        (string? text, SignatureError error) = message.Base(components, received.ReceivedText.ToString(), Relaxed.Policy);
        Assert.That(error, Is.EqualTo(SignatureError.None));
        Assert.That(signatures!.TryGetMember(label, out StructuredValue member) && member.TryGetBytes(out byte[]? signature) ? signature : null, Is.Not.Null);
        member.TryGetBytes(out signature);
        return (text!, signature!);
    }

    /// <summary>Verifies a message with one key of the appendix.</summary>
    internal static async Task<SignatureVerificationResult> VerifyAsync(TestMessage message, SignaturePolicy policy, string keyId, string algorithm, JsonElement key, long now)
    {
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(now));
        TestKeys keys = new(time);
        if (algorithm == "hmac-sha256")
        {
            using HmacKey secret = HmacKey.Import(key.GetProperty("base64").GetBytesFromBase64());
            HttpMessageVerifierOptions options = new() { SharedKeys = new Dictionary<string, HmacKey> { [keyId] = secret } };
            return await new HttpMessageVerifier(keys, options: options, timeProvider: time).VerifyAsync(message.ToContext(), policy);
        }

        using PrivateKey own = KeyOf(key, algorithm);
        return await new HttpMessageVerifier(keys.Add(keyId, "the appendix", own.PublicKey), timeProvider: time).VerifyAsync(message.ToContext(), policy);
    }

    private static byte[] SignAgain(string algorithm, JsonElement key, byte[] text)
    {
        if (algorithm == "hmac-sha256")
        {
            using HmacKey secret = HmacKey.Import(key.GetProperty("base64").GetBytesFromBase64());
            byte[] mac = new byte[HmacKey.SignatureSize];
            secret.Sign(text, mac);
            return mac;
        }

        using PrivateKey own = KeyOf(key, algorithm);
        return own.Sign(text);
    }

    private static PrivateKey KeyOf(JsonElement key, string algorithm) => Jwk.ImportPrivateKey(
        Encoding.UTF8.GetBytes(key.GetProperty("jwk").GetRawText()),
        KeyAlgorithm.All.Single(known => SignatureAlgorithm.NameOf(known) == algorithm));

    private static TestMessage ReadCase(JsonElement test)
    {
        TestMessage message = Read(test.GetProperty("message"));
        message.Set("Signature-Input", test.GetProperty("signatureInput").GetString()).Set("Signature", test.GetProperty("signature").GetString());
        if (test.TryGetProperty("relatedRequest", out JsonElement request))
        {
            message.Request = Read(request);
        }

        return message;
    }

    private static TestMessage Read(JsonElement message)
    {
        TestMessage read = new()
        {
            Method = Text(message, "method"),
            Target = Text(message, "target"),
            Status = message.TryGetProperty("status", out JsonElement status) ? status.GetInt32() : 0,
            Body = Encoding.UTF8.GetBytes(Text(message, "body")),
            Fields = Lines(message, "fields"),
            Trailers = Lines(message, "trailers"),
        };
        read.Authority = read.Fields.FirstOrDefault(field => field.Name == "Host").Value ?? "";
        return read;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";

    private static List<(string Name, string Value)> Lines(JsonElement message, string name) => message.TryGetProperty(name, out JsonElement lines)
        ? [.. lines.EnumerateArray().Select(line => (line[0].GetString()!, line[1].GetString()!))]
        : [];
}
