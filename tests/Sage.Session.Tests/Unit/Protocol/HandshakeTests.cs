using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Unit.Protocol;

internal sealed class HandshakeTests
{
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1];

    private static readonly string[] Members =
        ["v", "task", "ctx", "kid", "ephS", "ackTagB64", "ts", "did", "infoHash", "exportCtxHash", "enc", "ephC", "sigB64"];

    private static readonly string[] LowOrderPoints =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    [TestCaseSource(nameof(Algorithms))]
    public void A_handshake_makes_a_session_that_works_both_ways(KeyAlgorithm algorithm)
    {
        using HandshakePair pair = new(algorithm);
        (SessionCipher initiator, SessionCipher responder) = pair.Connect();
        using (initiator)
        using (responder)
        {
            Records.RoundTrip(initiator, responder, "question"u8);
            Records.RoundTrip(responder, initiator, "answer"u8);
        }
    }

    [Test]
    public void Two_handshakes_share_nothing()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator first = pair.Start();
        using HandshakeInitiator second = pair.Start();
        JsonObject one = JsonNode.Parse(first.CreatePayload())!.AsObject();
        JsonObject two = JsonNode.Parse(second.CreatePayload())!.AsObject();
        Assert.That(first.Context, Is.Not.EqualTo(second.Context));
        foreach (string name in (string[])["nonce", "enc", "ephC"])
        {
            Assert.That((string?)one[name], Is.Not.EqualTo((string?)two[name]), name);
        }
    }

    [Test]
    public void The_payload_has_the_shape_of_its_purpose()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        Assert.That(SigningPurpose.HandshakeInitiation.Accepts(initiator.CreatePayload()), Is.True);
        Assert.That(initiator.Context, Does.Match("^ctx-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    }

    [Test]
    public void A_repetition_is_wholly_new_and_only_it_can_be_completed()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        byte[] first = initiator.CreatePayload();
        pair.Clock.Advance(TimeSpan.FromSeconds(1));
        byte[] second = initiator.CreatePayload();
        JsonObject one = JsonNode.Parse(first)!.AsObject();
        JsonObject two = JsonNode.Parse(second)!.AsObject();
        foreach (string name in (string[])["nonce", "enc", "ephC", "ts"])
        {
            Assert.That((string?)one[name], Is.Not.EqualTo((string?)two[name]), name);
        }

        Assert.That((string?)one["info"], Is.EqualTo((string?)two["info"]), "the context stays");
        byte[] data = pair.Answer(second, initiator.Context, out SessionCipher responder);
        Assert.That(initiator.TryComplete(data, pair.ResponderKey.PublicKey, out SessionCipher? cipher, out _, out _), Is.True);
        Records.RoundTrip(cipher!, responder, "hello"u8);
        cipher!.Dispose();
        responder.Dispose();
    }

    [Test]
    public void The_response_to_the_first_payload_does_not_complete_the_second()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        byte[] first = initiator.CreatePayload();
        initiator.CreatePayload();
        byte[] data = pair.Answer(first, initiator.Context, out SessionCipher responder);
        responder.Dispose();
        Refused(initiator, data, pair, HandshakeError.TranscriptMismatch);
    }

    [Test]
    public void There_is_no_third_payload()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        initiator.CreatePayload();
        initiator.CreatePayload();
        Assert.That(initiator.CreatePayload, Throws.InvalidOperationException);
    }

    [Test]
    public void A_handshake_is_completed_once()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        Assert.That(() => initiator.TryComplete(default, pair.ResponderKey.PublicKey, out _, out _, out _), Throws.InvalidOperationException);
        byte[] data = pair.Answer(initiator.CreatePayload(), initiator.Context, out SessionCipher responder);
        responder.Dispose();
        Assert.That(initiator.TryComplete(data, pair.ResponderKey.PublicKey, out SessionCipher? cipher, out _, out _), Is.True);
        cipher!.Dispose();
        Assert.That(() => initiator.TryComplete(data, pair.ResponderKey.PublicKey, out _, out _, out _), Throws.InvalidOperationException);
        Assert.That(initiator.CreatePayload, Throws.InvalidOperationException);
    }

    [Test]
    public void A_failed_handshake_cannot_be_completed_later()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        byte[] data = pair.Answer(initiator.CreatePayload(), initiator.Context, out SessionCipher responder);
        responder.Dispose();
        Refused(initiator, "{}"u8.ToArray(), pair, HandshakeError.Malformed);
        Assert.That(() => initiator.TryComplete(data, pair.ResponderKey.PublicKey, out _, out _, out _), Throws.InvalidOperationException);
    }

    [TestCaseSource(nameof(Members))]
    public void A_response_without_a_member_is_malformed(string member) =>
        Tampered(data => data.Remove(member), HandshakeError.Malformed, resign: member != "sigB64");

    [Test]
    public void A_response_with_another_type_or_size_of_a_member_is_malformed([ValueSource(nameof(Members))] string member)
    {
        JsonNode?[] values = [null, 1, true, new JsonObject(), new JsonArray("x"), "", new string('a', 600), " ", "a b", "é", "\u0000"];
        foreach (JsonNode? value in values)
        {
            Tampered(data => data[member] = value?.DeepClone(), HandshakeError.Malformed, resign: member != "sigB64");
        }
    }

    [Test]
    public void A_response_with_one_more_member_is_malformed() => Tampered(data => data["extra"] = "x", HandshakeError.Malformed, resign: true);

    [TestCaseSource(nameof(Members))]
    public void A_response_with_a_member_twice_is_malformed(string member)
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        byte[] data = pair.Answer(initiator.CreatePayload(), initiator.Context, out SessionCipher responder);
        responder.Dispose();
        string text = Encoding.UTF8.GetString(data);
        string value = JsonNode.Parse(data)![member]!.ToJsonString();
        Refused(initiator, Encoding.UTF8.GetBytes(text.Replace("{", $"{{\"{member}\":{value},", StringComparison.Ordinal)), pair, HandshakeError.Malformed);
    }

    [TestCase("v", "v2", HandshakeError.Malformed)]
    [TestCase("v", "V1", HandshakeError.Malformed)]
    [TestCase("task", "hpke/complete@v2", HandshakeError.Malformed)]
    [TestCase("ctx", "ctx-00000000-0000-4000-8000-000000000000", HandshakeError.WrongContext)]
    [TestCase("did", HandshakePair.Initiator, HandshakeError.WrongParty)]
    [TestCase("did", HandshakePair.Responder + "#key-1", HandshakeError.WrongParty)]
    [TestCase("ts", "2026-09-01T11:57:59Z", HandshakeError.NotFresh)]
    [TestCase("ts", "2026-09-01T12:02:01Z", HandshakeError.NotFresh)]
    [TestCase("ts", "0001-01-01T00:00:00Z", HandshakeError.NotFresh)]
    [TestCase("ts", "2026-09-01T12:00:00", HandshakeError.Malformed)]
    [TestCase("ts", "now", HandshakeError.Malformed)]
    [TestCase("kid", "kid-00000000-0000-4000-8000-000000000000", HandshakeError.NotConfirmed)]
    [TestCase("infoHash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.TranscriptMismatch)]
    [TestCase("exportCtxHash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.TranscriptMismatch)]
    [TestCase("enc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.TranscriptMismatch)]
    [TestCase("ephC", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.TranscriptMismatch)]
    [TestCase("ephS", "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.NotConfirmed)]
    [TestCase("ackTagB64", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HandshakeError.NotConfirmed)]
    public void A_changed_member_is_refused_with_a_signature_and_without(string member, string value, HandshakeError expected)
    {
        Tampered(data => data[member] = value, expected, resign: true);
        bool beforeSignature = expected is HandshakeError.Malformed or HandshakeError.WrongContext or HandshakeError.WrongParty or HandshakeError.NotFresh;
        Tampered(data => data[member] = value, beforeSignature ? expected : HandshakeError.BadSignature, resign: false);
    }

    [TestCase("ephC", "enc")]
    [TestCase("infoHash", "exportCtxHash")]
    public void Swapped_members_are_refused(string first, string second) => Tampered(
        data =>
        {
            (string? a, string? b) = ((string?)data[first], (string?)data[second]);
            data[first] = b;
            data[second] = a;
        },
        HandshakeError.TranscriptMismatch,
        resign: true);

    [TestCaseSource(nameof(LowOrderPoints))]
    public void A_low_order_key_of_the_responder_is_refused(string point) =>
        Tampered(data => data["ephS"] = Base64Url.EncodeToString(Convert.FromHexString(point)), HandshakeError.InvalidKey, resign: true);

    [TestCaseSource(nameof(LowOrderPoints))]
    public void A_low_order_key_of_the_initiator_is_refused(string point)
    {
        using HandshakePair pair = new();
        foreach (string member in (string[])["enc", "ephC"])
        {
            using HandshakeInitiator initiator = pair.Start();
            JsonObject payload = JsonNode.Parse(initiator.CreatePayload())!.AsObject();
            payload[member] = Base64Url.EncodeToString(Convert.FromHexString(point));
            Assert.That(InitiationPayload.TryParse(Encoding.UTF8.GetBytes(payload.ToJsonString()), out InitiationPayload? parsed), Is.True);
            Assert.That(HandshakeResponder.TryCreate(parsed!, initiator.Context, pair.AgreementKey, pair.Clock, out HandshakeResponder? responder), Is.False);
            Assert.That(responder, Is.Null);
        }
    }

    [TestCase("ephS")]
    [TestCase("ackTagB64")]
    [TestCase("infoHash")]
    [TestCase("enc")]
    public void Base64url_is_strict(string member)
    {
        foreach (Func<string, string> change in (Func<string, string>[])
            [text => text + "=", text => text[..^1], text => text + "A", text => text[..^2] + "+/", text => text[..^1] + "B", text => text + " ", text => " " + text[1..], text => text + "\n"])
        {
            Tampered(
                data =>
                {
                    string text = (string)data[member]!;
                    data[member] = change(text);
                    return change(text) != text;
                },
                HandshakeError.Malformed,
                resign: true);
        }
    }

    [Test]
    public void Every_bit_of_the_signature_counts()
    {
        using HandshakePair pair = new();
        for (int bit = 0; bit < 64 * 8; bit += 7)
        {
            using HandshakeInitiator initiator = pair.Start();
            JsonObject data = Respond(pair, initiator);
            byte[] signature = Base64Url.DecodeFromChars((string)data["sigB64"]!);
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            data["sigB64"] = Base64Url.EncodeToString(signature);
            Refused(initiator, Encoding.UTF8.GetBytes(data.ToJsonString()), pair, HandshakeError.BadSignature);
        }
    }

    [Test]
    public void A_response_of_another_agent_is_refused()
    {
        using HandshakePair pair = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using HandshakeInitiator initiator = pair.Start();
        byte[] data = pair.Answer(initiator.CreatePayload(), initiator.Context, out SessionCipher responder);
        responder.Dispose();
        Assert.That(initiator.TryComplete(data, other.PublicKey, out SessionCipher? cipher, out string? kid, out HandshakeError error), Is.False);
        Assert.That((cipher, kid, error), Is.EqualTo(((SessionCipher?)null, (string?)null, HandshakeError.BadSignature)));
    }

    [Test]
    public void A_responder_with_another_agreement_key_is_not_confirmed()
    {
        using HandshakePair pair = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.X25519);
        using HandshakeInitiator initiator = pair.Start();
        Assert.That(InitiationPayload.TryParse(initiator.CreatePayload(), out InitiationPayload? payload), Is.True);
        Assert.That(HandshakeResponder.TryCreate(payload!, initiator.Context, other, pair.Clock, out HandshakeResponder? responder), Is.True);
        byte[] data = responder!.Finish(pair.ResponderKey.Sign(responder.SignedBytes.Span), out SessionCipher cipher);
        cipher.Dispose();
        Refused(initiator, data, pair, HandshakeError.NotConfirmed);
    }

    [Test]
    public void A_response_in_another_order_and_with_white_space_is_the_same_response()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        JsonObject data = Respond(pair, initiator);
        JsonObject reordered = new(data.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        byte[] bytes = Encoding.UTF8.GetBytes(reordered.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        Assert.That(initiator.TryComplete(bytes, pair.ResponderKey.PublicKey, out SessionCipher? cipher, out _, out HandshakeError error), Is.True, error.ToString());
        cipher!.Dispose();
    }

    [TestCase(-120)]
    [TestCase(120)]
    public void A_response_within_two_minutes_is_fresh(int seconds)
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        JsonObject data = Respond(pair, initiator);
        data["ts"] = Rfc3339.Format(pair.Clock.GetUtcNow().AddSeconds(seconds));
        Resign(data, pair);
        Assert.That(initiator.TryComplete(Encoding.UTF8.GetBytes(data.ToJsonString()), pair.ResponderKey.PublicKey, out SessionCipher? cipher, out _, out _), Is.True);
        cipher!.Dispose();
    }

    [Test]
    public void A_finished_responder_cannot_finish_again()
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        Assert.That(InitiationPayload.TryParse(initiator.CreatePayload(), out InitiationPayload? payload), Is.True);
        Assert.That(HandshakeResponder.TryCreate(payload!, initiator.Context, pair.AgreementKey, pair.Clock, out HandshakeResponder? responder), Is.True);
        responder!.Finish(new byte[64], out SessionCipher cipher);
        cipher.Dispose();
        Assert.That(() => responder.Finish(new byte[64], out _), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase("did:sage:ethereum:a|b", HandshakePair.Responder, "ctx-1")]
    [TestCase(HandshakePair.Initiator, "did:sage:ethereum:a b", "ctx-1")]
    [TestCase(HandshakePair.Initiator, HandshakePair.Responder, "ctx|1")]
    [TestCase(HandshakePair.Initiator, HandshakePair.Responder, "ctx\"1")]
    [TestCase(HandshakePair.Initiator, HandshakePair.Responder, "")]
    [TestCase("", HandshakePair.Responder, "ctx-1")]
    public void An_initiator_refuses_texts_that_could_be_read_two_ways(string initiator, string responder, string context)
    {
        using HandshakePair pair = new();
        Assert.That(() => new HandshakeInitiator(initiator, responder, pair.AgreementKey.PublicKey, pair.Clock, context), Throws.ArgumentException);
        Assert.That(() => new HandshakeInitiator(HandshakePair.Initiator, HandshakePair.Responder, pair.InitiatorKey.PublicKey, pair.Clock), Throws.ArgumentException);
    }

    private static JsonObject Respond(HandshakePair pair, HandshakeInitiator initiator)
    {
        byte[] data = pair.Answer(initiator.CreatePayload(), initiator.Context, out SessionCipher responder);
        responder.Dispose();
        return JsonNode.Parse(data)!.AsObject();
    }

    private static void Tampered(Action<JsonObject> change, HandshakeError expected, bool resign) => Tampered(
        data =>
        {
            change(data);
            return true;
        },
        expected,
        resign);

    private static void Tampered(Func<JsonObject, bool> change, HandshakeError expected, bool resign)
    {
        using HandshakePair pair = new();
        using HandshakeInitiator initiator = pair.Start();
        JsonObject data = Respond(pair, initiator);
        if (!change(data))
        {
            return;
        }

        if (resign)
        {
            Resign(data, pair);
        }

        Refused(initiator, Encoding.UTF8.GetBytes(data.ToJsonString()), pair, expected);
    }

    private static void Resign(JsonObject data, HandshakePair pair)
    {
        data.Remove("sigB64");
        byte[] canonical = JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(data.ToJsonString()));
        data["sigB64"] = Base64Url.EncodeToString(pair.ResponderKey.Sign(canonical));
    }

    private static void Refused(HandshakeInitiator initiator, byte[] data, HandshakePair pair, HandshakeError expected)
    {
        bool completed = initiator.TryComplete(data, pair.ResponderKey.PublicKey, out SessionCipher? cipher, out string? kid, out HandshakeError error);
        Assert.That(completed, Is.False);
        Assert.That(error, Is.EqualTo(expected), Encoding.UTF8.GetString(data));
        Assert.That(cipher, Is.Null);
        Assert.That(kid, Is.Null);
    }
}
