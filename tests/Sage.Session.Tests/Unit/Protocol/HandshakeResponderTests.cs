using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Unit.Protocol;

/// <summary>The checks that run before anybody is resolved.</summary>
internal sealed class HandshakeResponderTests
{
    private const string Context = "ctx-7d2f0c1e-4b8a-4f5e-9c3d-1a2b3c4d5e6f";

    private static readonly DateTimeOffset Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void An_honest_payload_passes() => Assert.That(Check(_ => { }), Is.EqualTo(HandshakeError.None));

    [Test]
    public void The_context_strings_may_come_as_base64url_of_the_text() => Assert.That(
        Check(payload =>
        {
            payload["info"] = Base64Url.EncodeToString(Encoding.ASCII.GetBytes((string)payload["info"]!));
            payload["exportCtx"] = Base64Url.EncodeToString(Encoding.ASCII.GetBytes((string)payload["exportCtx"]!));
        }),
        Is.EqualTo(HandshakeError.None));

    [TestCase("initDid", HandshakePair.Responder, HandshakeError.WrongParty)]
    [TestCase("initDid", "DID:SAGE:ETHEREUM:0X1111111111111111111111111111111111111111", HandshakeError.WrongParty)]
    [TestCase("respDid", HandshakePair.Initiator, HandshakeError.WrongParty)]
    [TestCase("respDid", HandshakePair.Responder + "#key-1", HandshakeError.WrongParty)]
    [TestCase("respDid", "did:sage:eth:0x2222222222222222222222222222222222222222", HandshakeError.WrongParty)]
    [TestCase("info", "x", HandshakeError.TranscriptMismatch)]
    [TestCase("exportCtx", "x", HandshakeError.TranscriptMismatch)]
    [TestCase("ts", "2026-09-01T11:57:59.999999999Z", HandshakeError.NotFresh)]
    [TestCase("ts", "2026-09-01T12:02:00.0000001Z", HandshakeError.NotFresh)]
    [TestCase("ts", "0001-01-01T00:00:00Z", HandshakeError.NotFresh)]
    [TestCase("ts", "9999-12-31T23:59:59Z", HandshakeError.NotFresh)]
    [TestCase("ts", "2026-09-01T11:58:00Z", HandshakeError.None)]
    [TestCase("ts", "2026-09-01T21:02:00+09:00", HandshakeError.None)]
    public void A_member_decides(string member, string value, HandshakeError expected) =>
        Assert.That(Check(payload => payload[member] = value), Is.EqualTo(expected));

    [Test]
    public void Swapped_context_strings_are_refused() => Assert.That(
        Check(payload =>
        {
            (string? info, string? export) = ((string?)payload["info"], (string?)payload["exportCtx"]);
            payload["info"] = export;
            payload["exportCtx"] = info;
        }),
        Is.EqualTo(HandshakeError.TranscriptMismatch));

    [TestCase(null, HandshakeError.WrongContext)]
    [TestCase("", HandshakeError.WrongContext)]
    [TestCase("ctx|1", HandshakeError.WrongContext)]
    [TestCase("ctx 1", HandshakeError.WrongContext)]
    [TestCase("ctx\n1", HandshakeError.WrongContext)]
    [TestCase("ctx-\u00e9", HandshakeError.WrongContext)]
    [TestCase("ctx-00000000-0000-4000-8000-000000000000", HandshakeError.TranscriptMismatch)]
    public void The_context_of_the_envelope_decides(string? context, HandshakeError expected) =>
        Assert.That(Check(_ => { }, context), Is.EqualTo(expected));

    [Test]
    public void A_context_that_is_too_long_is_refused()
    {
        Assert.That(Check(_ => { }, new string('c', 129)), Is.EqualTo(HandshakeError.WrongContext));
        Assert.That(Check(_ => { }, new string('c', 128)), Is.EqualTo(HandshakeError.TranscriptMismatch));
    }

    [TestCase("did:sage:ethereum:a|resp=did")]
    [TestCase("did:sage:ethereum:a\u0000")]
    public void A_DID_with_a_separator_is_refused_though_it_fits_the_envelope(string did) => Assert.That(
        Check(
            payload =>
            {
                payload["initDid"] = did;
                payload["info"] = $"sage/hpke-info|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx={Context}|init={did}|resp={HandshakePair.Responder}";
            },
            claimed: did),
        Is.EqualTo(HandshakeError.WrongParty));

    private static HandshakeError Check(Action<JsonObject> change, string? context = Context, string claimed = HandshakePair.Initiator)
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = new(HandshakePair.Initiator, HandshakePair.Responder, pair.AgreementKey.PublicKey, pair.Clock, Context);
        JsonObject json = JsonNode.Parse(initiator.CreatePayload())!.AsObject();
        change(json);
        Assert.That(InitiationPayload.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out InitiationPayload? payload), Is.True);
        return HandshakeResponder.Check(payload!, context, claimed, HandshakePair.Responder, Now);
    }
}
