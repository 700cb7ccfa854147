using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Unit.Protocol;

/// <summary>
/// A whole handshake with fixed keys, computed a second time from the profile with another X25519 and plain BCL calls. No
/// public vector joins the handshake and the records, so this test is what holds them together.
/// </summary>
internal sealed class HandshakeTranscriptTests
{
    private const string Context = "ctx-7d2f0c1e-4b8a-4f5e-9c3d-1a2b3c4d5e6f";
    private const string Nonce = "9c1d2e3f-4a5b-4c7d-8e9f-0a1b2c3d4e5f";
    private const string Kid = "kid-3f6a9c12-8b7e-4d21-a5c4-0e1f2a3b4c5d";
    private const string Initiator = "did:sage:ethereum:0x1111111111111111111111111111111111111111";
    private const string Responder = "did:sage:ethereum:0x2222222222222222222222222222222222222222";
    private const string Info = $"sage/hpke-info|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx={Context}|init={Initiator}|resp={Responder}";
    private const string Export = $"sage/hpke-export|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx={Context}";

    private static readonly byte[] HpkeSecret = Label("hpke");
    private static readonly byte[] InitiatorSecret = Label("ephC");
    private static readonly byte[] ResponderSecret = Label("ephS");
    private static readonly byte[] AgreementSecret = Label("kem");

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, 100, TimeSpan.Zero));

    [Test]
    public void The_payload_is_the_one_of_the_profile()
    {
        JsonObject payload = JsonNode.Parse(MakePayload(out HandshakeInitiator initiator))!.AsObject();
        initiator.Dispose();
        Assert.That(payload.ToDictionary(member => member.Key, member => (string?)member.Value), Is.EquivalentTo(new Dictionary<string, string?>
        {
            ["initDid"] = Initiator,
            ["respDid"] = Responder,
            ["info"] = Info,
            ["exportCtx"] = Export,
            ["nonce"] = Nonce,
            ["ts"] = "2026-09-01T12:00:00.1Z",
            ["enc"] = Url(Public(HpkeSecret)),
            ["ephC"] = Url(Public(InitiatorSecret)),
        }));
    }

    [Test]
    public void The_response_is_the_one_of_the_profile()
    {
        byte[] seed = ReferenceSeed();
        byte[] tag = ReferenceKeys.AckTag(
            seed, Context, Nonce, Kid, Info, Export, Public(HpkeSecret), Public(InitiatorSecret), Public(ResponderSecret), Initiator, Responder);
        using HandshakeResponder responder = MakeResponder(MakePayload(out HandshakeInitiator initiator));
        initiator.Dispose();
        string expected =
            $$"""{"ackTagB64":"{{Url(tag)}}","ctx":"{{Context}}","did":"{{Responder}}","enc":"{{Url(Public(HpkeSecret))}}","ephC":"{{Url(Public(InitiatorSecret))}}","ephS":"{{Url(Public(ResponderSecret))}}","exportCtxHash":"{{Url(SHA256.HashData(Encoding.ASCII.GetBytes(Export)))}}","infoHash":"{{Url(SHA256.HashData(Encoding.ASCII.GetBytes(Info)))}}","kid":"{{Kid}}","task":"hpke/complete@v1","ts":"2026-09-01T12:00:00.1Z","v":"v1"}""";
        Assert.That(Encoding.ASCII.GetString(responder.SignedBytes.Span), Is.EqualTo(expected));
        Assert.That(JsonCanonicalizer.Canonicalize(responder.SignedBytes.Span), Is.EqualTo(responder.SignedBytes.ToArray()), "the bytes are canonical");
        Assert.That(responder.Kid, Is.EqualTo(Kid));

        byte[] signature = RandomNumberGenerator.GetBytes(64);
        JsonObject data = JsonNode.Parse(responder.Finish(signature, out SessionCipher cipher))!.AsObject();
        cipher.Dispose();
        Assert.That(data, Has.Count.EqualTo(13));
        Assert.That((string?)data["sigB64"], Is.EqualTo(Url(signature)));
        data.Remove("sigB64");
        Assert.That(JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(data.ToJsonString())), Is.EqualTo(responder.SignedBytes.ToArray()));
    }

    [Test]
    public void The_records_of_both_sides_use_the_keys_of_the_profile()
    {
        byte[] payload = MakePayload(out HandshakeInitiator initiator);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        HandshakeResponder responder = MakeResponder(payload);
        byte[] data = responder.Finish(signing.Sign(responder.SignedBytes.Span), out SessionCipher answering);
        Assert.That(initiator.TryComplete(data, signing.PublicKey, out SessionCipher? asking, out string? kid, out _), Is.True);
        Assert.That(kid, Is.EqualTo(Kid));
        using (answering)
        using (asking)
        {
            byte[] seed = ReferenceSeed();
            Assert.That(OpenWith(ReferenceKeys.Record(seed, "c2s", 0), asking!.Seal("question"u8)), Is.EqualTo("question"));
            Assert.That(OpenWith(ReferenceKeys.Record(seed, "s2c", 0), answering.Seal("answer"u8)), Is.EqualTo("answer"));
            asking!.NextSequence = 256;
            answering.NextSequence = 700;
            Assert.That(OpenWith(ReferenceKeys.Record(seed, "c2s", 1), asking!.Seal("later"u8)), Is.EqualTo("later"));
            Assert.That(OpenWith(ReferenceKeys.Record(seed, "s2c", 2), answering.Seal("later"u8)), Is.EqualTo("later"));
        }
    }

    // Pins the reference itself: if both implementations changed alike, these would still show it.
    [Test]
    public void The_seed_is_the_one_first_computed()
    {
        byte[] seed = ReferenceSeed();
        Assert.That(Convert.ToHexStringLower(seed), Is.EqualTo(SeedHex));
        Assert.That(ReferenceKeys.SessionId(seed), Is.EqualTo(SessionIdText));
    }

    private const string SeedHex = "3e1a81e51a3ee801583aef8db17b18e7a04e3921c67d3ee4aff5af0c2adab855";
    private const string SessionIdText = "Yb5qy7wGA80nJ8kPHAeXnQ";

    private static byte[] ReferenceSeed()
    {
        byte[] exporter = ReferenceKeys.Exporter(Agree(HpkeSecret, Public(AgreementSecret)), Public(HpkeSecret), Public(AgreementSecret), Info, Export);
        return ReferenceKeys.Seed(exporter, Agree(InitiatorSecret, Public(ResponderSecret)), Export);
    }

    private static string OpenWith(byte[] key, byte[] record)
    {
        using ChaCha20Poly1305 cipher = new(key);
        byte[] plaintext = new byte[record.Length - 36];
        cipher.Decrypt(record.AsSpan(8, 12), record.AsSpan(20, plaintext.Length), record.AsSpan(record.Length - 16), plaintext, record.AsSpan(0, 8));
        return Encoding.UTF8.GetString(plaintext);
    }

    private byte[] MakePayload(out HandshakeInitiator initiator)
    {
        using PrivateKey agreement = PrivateKey.Import(KeyAlgorithm.X25519, AgreementSecret);
        initiator = new HandshakeInitiator(Initiator, Responder, agreement.PublicKey, clock, Context);
        return initiator.CreatePayload(new EphemeralKey(InitiatorSecret), HpkeSecret, Nonce);
    }

    private HandshakeResponder MakeResponder(byte[] payload)
    {
        using PrivateKey agreement = PrivateKey.Import(KeyAlgorithm.X25519, AgreementSecret);
        using EphemeralKey ephemeral = new(ResponderSecret);
        Assert.That(InitiationPayload.TryParse(payload, out InitiationPayload? parsed), Is.True);
        Assert.That(HandshakeResponder.TryCreate(parsed!, Context, agreement, clock, ephemeral, Kid, out HandshakeResponder? responder), Is.True);
        return responder!;
    }

    private static byte[] Label(string label) => SHA256.HashData(Encoding.ASCII.GetBytes("sage/transcript-test/" + label));

    private static byte[] Public(byte[] secret)
    {
        byte[] key = new byte[32];
        X25519.GeneratePublicKey(secret, 0, key, 0);
        return key;
    }

    private static byte[] Agree(byte[] secret, byte[] peer)
    {
        byte[] shared = new byte[32];
        Assert.That(X25519.CalculateAgreement(secret, 0, peer, 0, shared, 0), Is.True);
        return shared;
    }

    private static string Url(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
