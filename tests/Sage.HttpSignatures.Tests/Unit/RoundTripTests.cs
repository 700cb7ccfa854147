using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

public sealed class RoundTripTests
{
    private sealed class OneKey(PublicKey key, TimeProvider clock) : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(
            new KeyResolution { Status = KeyResolutionStatus.Resolved, Subject = "did:example:alice", Keys = [key], ObservedAt = clock.GetUtcNow() });
    }

    [Test]
    public async Task Two_signers_sign_one_request_and_each_signs_its_part_anew()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
        using PrivateKey first = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey second = PrivateKey.Generate(KeyAlgorithm.P256);
        HttpMessageSigner one = new(new KeySigner(first), "did:example:one", timeProvider: clock);
        HttpMessageSigner two = new(new KeySigner(second), "did:example:two", SignaturePolicy.Default with { Label = "sig2" }, timeProvider: clock);
        TestKeys keys = new TestKeys(clock).Add("did:example:one", "did:example:one", first.PublicKey).Add("did:example:two", "did:example:two", second.PublicKey);
        HttpMessageVerifier verifier = new(keys, new InMemoryNonceStore(clock), timeProvider: clock);
        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        for (int attempt = 0; attempt < 2; attempt++)
        {
            await one.SignRequestAsync(request);
            await two.SignRequestAsync(request);
            SignatureVerificationResult result = await verifier.VerifyAsync(
                SignatureContext.ForRequest(request), SignaturePolicy.Default with { Match = SignatureMatch.All });

            Assert.That(result.Error, Is.EqualTo(SignatureError.None), result.Detail);
            Assert.That(result.Signatures.Select(signature => signature.Subject), Is.EquivalentTo(new[] { "did:example:one", "did:example:two" }));
        }

        HttpMessageSigner clash = new(new KeySigner(second), "did:example:two", timeProvider: clock);
        Assert.That(async () => await clash.SignRequestAsync(request), Throws.TypeOf<SignatureException>().With.Property("Error").EqualTo(SignatureError.DuplicateLabel));
    }

    [Test]
    public async Task A_request_that_was_signed_verifies_once_and_then_is_a_replay()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        HttpMessageSigner signer = new(new KeySigner(key), "did:example:alice#key-1", timeProvider: clock);
        HttpMessageVerifier verifier = new(new OneKey(key.PublicKey, clock), new InMemoryNonceStore(clock), timeProvider: clock);
        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/a%2Fb?x=1")
        {
            Content = new StringContent("{\"hello\":\"world\"}", Encoding.UTF8, "application/json"),
        };

        await signer.SignRequestAsync(request);
        SignatureVerificationResult first = await verifier.VerifyAsync(SignatureContext.ForRequest(request));
        SignatureVerificationResult second = await verifier.VerifyAsync(SignatureContext.ForRequest(request));

        Assert.Multiple(() =>
        {
            Assert.That(first.Error, Is.EqualTo(SignatureError.None), first.Detail);
            Assert.That(first.Signature!.Subject, Is.EqualTo("did:example:alice"));
            Assert.That(
                first.Signature.Components.Select(component => component.Identifier),
                Is.EqualTo(new[] { "\"@method\"", "\"@target-uri\"", "\"@authority\"", "\"content-type\"", "\"content-digest\"" }));
            Assert.That(second.Error, Is.EqualTo(SignatureError.Replayed));
        });
    }
}
