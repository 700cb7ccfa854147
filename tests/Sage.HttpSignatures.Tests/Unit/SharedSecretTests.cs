using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

public sealed class SharedSecretTests
{
    private const string KeyId = "test-shared-secret";

    private static readonly SignaturePolicy Shared = SignaturePolicy.Default with { AllowHmac = true };

    private readonly FakeTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(1618884473));

    [Test]
    public async Task The_example_of_the_RFC_verifies()
    {
        // RFC 9421 B.2.5.
        using HmacKey secret = HmacKey.Import(Convert.FromBase64String("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="));
        Dictionary<string, string> fields = new()
        {
            ["date"] = "Tue, 20 Apr 2021 02:07:55 GMT",
            ["content-type"] = "application/json",
            ["signature-input"] = "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"",
            ["signature"] = "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
        };
        SignatureContext message = SignatureContext.ForRequest(
            "POST", "https", "example.com", "/foo?param=Value&Pet=dog", name => fields.TryGetValue(name, out string? value) ? value : StringValues.Empty);
        SignaturePolicy policy = Shared with { RequestComponents = [], RequireExpires = false, RequireNonce = false };

        SignatureVerificationResult result = await Verifier(secret).VerifyAsync(message, policy);

        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
            Assert.That(result.Signature!.Algorithm, Is.EqualTo("hmac-sha256"));
            Assert.That(result.Signature.Subject, Is.EqualTo(KeyId));
            Assert.That(result.Signature.Key, Is.Null);
        });
    }

    [Test]
    public async Task What_one_side_signs_the_other_verifies_once()
    {
        using HmacKey secret = HmacKey.Generate();
        using HttpRequestMessage request = await SignAsync(secret);
        HttpMessageVerifier verifier = Verifier(secret);

        SignatureVerificationResult first = await verifier.VerifyAsync(SignatureContext.ForRequest(request), Shared);
        SignatureVerificationResult second = await verifier.VerifyAsync(SignatureContext.ForRequest(request), Shared);

        Assert.That(first.Error, Is.EqualTo(SignatureError.None), first.Detail);
        Assert.That(second.Error, Is.EqualTo(SignatureError.Replayed));
    }

    [Test]
    public async Task A_changed_request_and_another_secret_are_refused()
    {
        using HmacKey secret = HmacKey.Generate();
        using HmacKey other = HmacKey.Generate();
        using HttpRequestMessage request = await SignAsync(secret);

        SignatureVerificationResult stranger = await Verifier(other).VerifyAsync(SignatureContext.ForRequest(request), Shared);
        request.Method = HttpMethod.Delete;
        SignatureVerificationResult changed = await Verifier(secret).VerifyAsync(SignatureContext.ForRequest(request), Shared);

        Assert.That(stranger.Error, Is.EqualTo(SignatureError.BadSignature));
        Assert.That(changed.Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task No_ready_made_policy_takes_a_shared_secret()
    {
        using HmacKey secret = HmacKey.Generate();
        using HttpRequestMessage request = await SignAsync(secret);

        SignatureVerificationResult result = await Verifier(secret).VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.Default);

        Assert.That(result.Error, Is.EqualTo(SignatureError.KeyNotFound));
        foreach (SignaturePolicy policy in new[] { SignaturePolicy.Default, SignaturePolicy.Sage, SignaturePolicy.WebBotAuth, SignaturePolicy.KeyDirectory })
        {
            Assert.That(policy.AllowHmac, Is.False);
            Assert.That(() => new HttpMessageSigner(secret, KeyId, policy, clock), Throws.ArgumentException);
        }
    }

    [TestCase("ed25519")]
    [TestCase("HMAC-SHA256")]
    [TestCase("")]
    public async Task Another_algorithm_than_the_secrets_is_refused(string algorithm)
    {
        using HmacKey secret = HmacKey.Generate();
        using HttpRequestMessage request = await SignAsync(secret);
        string input = request.Headers.GetValues("Signature-Input").Single().Replace("hmac-sha256", algorithm, StringComparison.Ordinal);
        request.Headers.Remove("Signature-Input");
        request.Headers.TryAddWithoutValidation("Signature-Input", input);

        SignatureVerificationResult result = await Verifier(secret).VerifyAsync(SignatureContext.ForRequest(request), Shared);

        Assert.That(result.Error, Is.EqualTo(SignatureError.AlgorithmMismatch));
    }

    [Test]
    public async Task A_public_key_never_serves_as_a_secret()
    {
        // Whoever knows a public key could make a MAC with its bytes; the secrets are looked up in their own table only.
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using HmacKey forged = HmacKey.Import(key.PublicKey.Bytes);
        using HttpRequestMessage request = await SignAsync(forged, "did:example:alice");
        TestKeys keys = new TestKeys(clock).Add("did:example:alice", "did:example:alice", key.PublicKey);

        SignatureVerificationResult result = await new HttpMessageVerifier(keys, new InMemoryNonceStore(clock), timeProvider: clock)
            .VerifyAsync(SignatureContext.ForRequest(request), Shared);

        Assert.That(result.Error, Is.EqualTo(SignatureError.AlgorithmMismatch));
    }

    private async Task<HttpRequestMessage> SignAsync(HmacKey secret, string keyId = KeyId)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/orders");
        await new HttpMessageSigner(secret, keyId, Shared, clock).SignRequestAsync(request);
        return request;
    }

    private HttpMessageVerifier Verifier(HmacKey secret) => new(
        new TestKeys(clock),
        new InMemoryNonceStore(clock),
        new HttpMessageVerifierOptions { SharedKeys = new Dictionary<string, HmacKey> { [KeyId] = secret } },
        clock);
}
