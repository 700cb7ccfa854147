using System.Globalization;
using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Session;

namespace Sage.Fuzz;

/// <summary>The envelopes and what travels in them as JSON.</summary>
internal static class WireTargets
{
    private const string Initiator = "did:sage:ethereum:0x1111111111111111111111111111111111111111";
    private const string Responder = "did:sage:ethereum:0x2222222222222222222222222222222222222222";
    private const string Context = "ctx-1";

    private static readonly PrivateKey KeyAgreement = PrivateKey.Import(KeyAlgorithm.X25519, "the responder of the fuzz target."u8[..32]);

    public static FuzzTarget[] All { get; } =
    [
        new("wire-message", "read, written, read, written gives the same bytes", Message, "\"id\":\"", "\"context_id\":\"", "\"task_id\":\"hpke/complete@v1\"", "\"payload\":\"AAAA\"", "\"did\":\"did:sage:ethereum:0x\"", "\"signature\":null", "\"role\":\"user\"", "\"metadata\":{\"kid\":\"k\"}", "\"cookie\":\"c\"", "\\u0069"),
        new("wire-response", "read, written, read, written gives the same bytes, and an error is never a success", Response, "\"success\":true", "\"success\":false", "\"message_id\":\"", "\"task_id\":\"", "\"data\":\"AAAA\"", "\"error\":\"", "null"),
        new("init-payload", "what is read keeps its limits, and what passes the checks does not break the responder", Initiation, "\"initDid\":\"" + Initiator + "\"", "\"respDid\":\"" + Responder + "\"", "\"nonce\":\"", "\"ts\":\"2026-09-01T12:00:00.123456789Z\"", "\"enc\":\"", "\"ephC\":\"", "\"info\":\"", "\"exportCtx\":\"", "\"cookie\":\"c\""),
        new("completion", "what is signed is the canonical form of what was received", Completion, "\"v\":\"v1\"", "\"task\":\"hpke/complete@v1\"", "\"sigB64\":\"", "\"ackTagB64\":\"", "\"ts\":\"2026-09-01T12:00:00Z\"", "\\u0076", "\"kid\":\"kid-1\""),
        new("cookie-challenge", "what is read is written in one form and read again", Challenge, "{\"cookie\":\"", "\"}", "-", "_", "=", "\\u0063"),
        new("rfc3339", "a time that is read is written and read again as the same time", Time, "2026-09-01T12:00:00", ".123456789", "Z", "+23:59", "-00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "02-29"),
    ];

    private static void Message(ReadOnlySpan<byte> input)
    {
        if (WireMessage.TryParse(input.ToArray(), out WireMessage? message))
        {
            byte[] written = message.ToJson();
            Oracle.Holds(WireMessage.TryParse(written, out WireMessage? again), "an envelope that was written does not read");
            Oracle.Same(again!.ToJson(), written, "an envelope changes when it is written again");
            Oracle.Same(again.Payload.Span, message.Payload.Span, "the payload changed");
            Oracle.Holds(message.Payload.Length > 0 && message.Id.Length > 0 && message.Did.Length > 0, "a required member is empty");
        }
    }

    private static void Response(ReadOnlySpan<byte> input)
    {
        if (WireResponse.TryParse(input.ToArray(), out WireResponse? response))
        {
            byte[] written = response.ToJson();
            Oracle.Holds(WireResponse.TryParse(written, out WireResponse? again), "an answer that was written does not read");
            Oracle.Same(again!.ToJson(), written, "an answer changes when it is written again");
            Oracle.Holds(!response.Success || response.Error is null, "an answer with an error is a success");
        }
    }

    private static void Initiation(ReadOnlySpan<byte> input)
    {
        if (!InitiationPayload.TryParse(input.ToArray(), out InitiationPayload? payload))
        {
            return;
        }

        Oracle.Holds(payload.EncapsulatedKey.Length == 32 && payload.InitiatorKey.Length == 32, "a key has another size");
        Oracle.Holds(payload.Nonce.Length is >= 1 and <= 128, "the nonce is out of its limits");
        HandshakeError error = HandshakeResponder.Check(payload, Context, Initiator, Responder, payload.Timestamp);
        if (error == HandshakeError.None
            && HandshakeResponder.TryCreate(payload, Context, KeyAgreement, TimeProvider.System, out HandshakeResponder? responder))
        {
            responder.Dispose();
        }
    }

    private static void Completion(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        if (!CompletionPayload.TryParse(bytes, out CompletionPayload? completion))
        {
            return;
        }

        byte[] signed = completion.ToSignedBytes();
        Oracle.Holds(StrictJson.TryParse(bytes, CompletionPayload.MaxSize, out JsonDocument? document), "a response was read that is not strict JSON");
        using (document)
        {
            Oracle.Same(JsonCanonicalizer.Canonicalize(document!.RootElement, "sigB64"), signed, "the signed bytes are not the canonical ones");
        }

        Oracle.Holds(CompletionPayload.TryParse(CompletionPayload.Write(signed, completion.Signature), out CompletionPayload? again), "a response that was written does not read");
        Oracle.Same(again!.ToSignedBytes(), signed, "a response changes when it is written again");
        Oracle.Holds(SigningPurpose.HandshakeResponse.Accepts(signed), "the signed bytes have not their purpose's shape");
    }

    private static void Challenge(ReadOnlySpan<byte> input)
    {
        if (CookieChallenge.TryParse(input.ToArray(), out string? cookie))
        {
            Oracle.Holds(CookieChallenge.IsCookie(cookie), "a cookie is out of its form");
            Oracle.Holds(CookieChallenge.TryParse(CookieChallenge.Write(cookie), out string? again), "a challenge that was written does not read");
            Oracle.Same(again, cookie, "a cookie changed");
        }
    }

    private static void Time(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        if (Rfc3339.TryParse(text, out DateTimeOffset time))
        {
            Oracle.Holds(Rfc3339.TryParse(Rfc3339.Format(time), out DateTimeOffset again) && again == time, "a time changed");
            // The library rounds what goes beyond a tick, the profile's reader cuts it off.
            Oracle.Holds(
                !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset other) || Math.Abs((other - time).Ticks) <= 1,
                "another reader reads another time");
        }
    }
}
