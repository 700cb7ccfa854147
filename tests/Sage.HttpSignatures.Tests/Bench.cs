using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests;

/// <summary>A signer and a verifier that know each other, under a clock that stands still.</summary>
internal sealed class Bench : IDisposable
{
    public const long Now = 1_800_000_000;
    public const string KeyId = "did:sage:local:alice#key-1";
    public const string Agent = "did:sage:local:alice";

    /// <summary>The parameters that every policy accepts.</summary>
    public const string Good = ";created=1800000000;expires=1800000060;nonce=\"n-1\";keyid=\"" + KeyId + "\"";

    private readonly IMeterFactory? meters;

    public Bench(KeyAlgorithm? algorithm = null, INonceStore? nonces = null, IMeterFactory? meters = null)
    {
        this.meters = meters;
        Key = PrivateKey.Generate(algorithm ?? KeyAlgorithm.Ed25519);
        Keys = new TestKeys(Time).Add(KeyId, Agent, Key.PublicKey);
        Nonces = nonces ?? new InMemoryNonceStore(Time);
        Verifier = new HttpMessageVerifier(Keys, Nonces, timeProvider: Time, meterFactory: meters);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public PrivateKey Key { get; }

    public TestKeys Keys { get; }

    public INonceStore Nonces { get; }

    public HttpMessageVerifier Verifier { get; }

    /// <summary>The error for a claim that need not be signed, because it must be refused before the signature is looked at.</summary>
    public static async Task<SignatureError> ClaimAsync(TestMessage message, string input, SignaturePolicy? policy = null)
    {
        using Bench bench = new();
        message.Add("Signature-Input", $"sig1={input}").Add("Signature", "sig1=:AAAA:");
        return await bench.ErrorAsync(message, policy);
    }

    public HttpMessageSigner Signer(SignaturePolicy? policy = null, PrivateKey? key = null, string keyId = KeyId) =>
        new(new KeySigner(key ?? Key), keyId, policy, timeProvider: Time, meterFactory: meters);

    public async Task<TestMessage> SignAsync(TestMessage message, SignaturePolicy? policy = null, SigningOverrides? overrides = null) =>
        message.Signed(await Signer(policy).SignAsync(message.ToContext(), overrides));

    /// <summary>Signs whatever a text says, as a peer that follows no policy would.</summary>
    public TestMessage Forge(TestMessage message, string input, string label = "sig1", PrivateKey? key = null)
    {
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, $"{label}={input}", out StructuredField? field));
        List<SignatureComponent> components = [];
        foreach (StructuredValue item in field![0].Items)
        {
            components.Add(SignatureComponent.Parse(item.ReceivedText.ToString()));
        }

        (string? text, SignatureError error) = message.Base(components, input);
        Assert.That(error, Is.EqualTo(SignatureError.None));
        byte[] signature = (key ?? Key).Sign(Encoding.ASCII.GetBytes(text!));
        return message.Add("Signature-Input", $"{label}={input}").Add("Signature", $"{label}=:{Convert.ToBase64String(signature)}:");
    }

    public async Task<SignatureVerificationResult> VerifyAsync(TestMessage message, SignaturePolicy? policy = null) =>
        await Verifier.VerifyAsync(message.ToContext(), policy);

    public async Task<SignatureError> ErrorAsync(TestMessage message, SignaturePolicy? policy = null) => (await VerifyAsync(message, policy)).Error;

    public void Dispose() => Key.Dispose();
}
