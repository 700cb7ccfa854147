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
