using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit.Handlers;

/// <summary>Two agents, alice who calls and bob who answers, and a clock.</summary>
internal sealed class HandlerFixture : IDisposable
{
    public const string Alice = "did:example:alice";
    public const string Bob = "did:example:bob";

    private readonly PrivateKey alice = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly PrivateKey bob = PrivateKey.Generate(KeyAlgorithm.P256);

    public HandlerFixture()
    {
        Keys = new TestKeys(Time).Add(Alice, Alice, alice.PublicKey).Add(Bob, Bob, bob.PublicKey);
        Verifier = new HttpMessageVerifier(Keys, new InMemoryNonceStore(Time), timeProvider: Time);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    public TestKeys Keys { get; }

    public HttpMessageVerifier Verifier { get; }

    public HttpMessageSigner Signer(SignaturePolicy? policy = null, HttpMessageSignerOptions? options = null) =>
        new(new KeySigner(alice), Alice, policy, options, Time);

    public HttpMessageSigner Answerer(SignaturePolicy? policy = null) => new(new KeySigner(bob), Bob, policy, timeProvider: Time);

    /// <summary>A client whose requests alice signs; <paramref name="outer"/> stand around, the first one outermost.</summary>
    public HttpMessageInvoker Client(
        HttpMessageHandler inner, HttpSigningHandlerOptions? options = null, SignaturePolicy? policy = null, params DelegatingHandler[] outer)
    {
        HttpMessageHandler handler = new HttpSigningHandler(Signer(policy), options) { InnerHandler = inner };
        foreach (DelegatingHandler next in outer.Reverse())
        {
            next.InnerHandler = handler;
            handler = next;
        }

        return new HttpMessageInvoker(handler);
    }

    /// <summary>Bob's signed answer.</summary>
    public HttpResponseMessage Answer(HttpRequestMessage request, string body = "hello", SignaturePolicy? policy = null)
    {
        HttpResponseMessage response = new() { RequestMessage = request, Content = new StringContent(body) };
        response.Content.Headers.Add(ContentDigest.FieldName, ContentDigest.Compute(System.Text.Encoding.UTF8.GetBytes(body)));
        SignatureFields fields = Answerer(policy).SignAsync(SignatureContext.ForResponse(response)).AsTask().GetAwaiter().GetResult();
        response.Headers.Add(SignatureFields.InputName, fields.SignatureInput);
        response.Headers.Add(SignatureFields.SignatureName, fields.Signature);
        return response;
    }

    public void Dispose()
    {
        alice.Dispose();
        bob.Dispose();
    }
}
