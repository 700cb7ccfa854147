using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Session.Tests;

/// <summary>Two agents with their keys and a clock, and the steps between them.</summary>
internal sealed class HandshakePair : IDisposable
{
    public const string Initiator = "did:sage:ethereum:0x1111111111111111111111111111111111111111";
    public const string Responder = "did:sage:ethereum:0x2222222222222222222222222222222222222222";

    public HandshakePair(KeyAlgorithm? algorithm = null)
    {
        InitiatorKey = PrivateKey.Generate(algorithm ?? KeyAlgorithm.Ed25519);
        ResponderKey = PrivateKey.Generate(algorithm ?? KeyAlgorithm.Ed25519);
        AgreementKey = PrivateKey.Generate(KeyAlgorithm.X25519);
    }

    public PrivateKey InitiatorKey { get; }

    public PrivateKey ResponderKey { get; }

    public PrivateKey AgreementKey { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));

    public HandshakeInitiator Start() => new(Initiator, Responder, AgreementKey.PublicKey, Clock);

    /// <summary>The responder's half with every check, ending in the data of the response.</summary>
    public byte[] Answer(byte[] payload, string context, out SessionCipher cipher)
    {
        Assert.That(InitiationPayload.TryParse(payload, out InitiationPayload? parsed), Is.True);
        Assert.That(HandshakeResponder.Check(parsed!, context, Initiator, Responder, Clock.GetUtcNow()), Is.EqualTo(HandshakeError.None));
        Assert.That(HandshakeResponder.TryCreate(parsed!, context, AgreementKey, Clock, out HandshakeResponder? responder), Is.True);
        Assert.That(SigningPurpose.HandshakeResponse.Accepts(responder!.SignedBytes.Span), Is.True);
        return responder.Finish(ResponderKey.Sign(responder.SignedBytes.Span), out cipher);
    }

    public (SessionCipher Initiator, SessionCipher Responder) Connect()
    {
        using HandshakeInitiator initiator = Start();
        byte[] payload = initiator.CreatePayload();
        byte[] data = Answer(payload, initiator.Context, out SessionCipher responder);
        Assert.That(initiator.TryComplete(data, ResponderKey.PublicKey, out SessionCipher? cipher, out _, out HandshakeError error), Is.True, error.ToString());
        return (cipher!, responder);
    }

    public void Dispose()
    {
        InitiatorKey.Dispose();
        ResponderKey.Dispose();
        AgreementKey.Dispose();
    }
}
