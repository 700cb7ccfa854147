using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The payload of a handshake initiation (SAGE profile P1 §4.6): an object whose every value is a string. The signature
/// is over its exact bytes, so it is never written a second time.
/// </summary>
internal sealed class InitiationPayload
{
    public const int MaxSize = 16 * 1024;

    private const int MaxTextSize = 2048;

    private InitiationPayload(
        string initiator, string responder, byte[] info, byte[] exportContext, string nonce, DateTimeOffset timestamp, byte[] encapsulatedKey, byte[] initiatorKey)
    {
        Initiator = initiator;
        Responder = responder;
        Info = info;
        ExportContext = exportContext;
        Nonce = nonce;
        Timestamp = timestamp;
        EncapsulatedKey = encapsulatedKey;
        InitiatorKey = initiatorKey;
    }

    /// <summary><c>initDid</c>.</summary>
    public string Initiator { get; }

    /// <summary><c>respDid</c>.</summary>
    public string Responder { get; }

    /// <summary><c>info</c> as received, in UTF-8; only ever compared with the local text.</summary>
    public ReadOnlyMemory<byte> Info { get; }

    /// <summary><c>exportCtx</c> as received, in UTF-8; only ever compared with the local text.</summary>
    public ReadOnlyMemory<byte> ExportContext { get; }

    /// <summary><c>nonce</c>: 1 to 128 visible ASCII characters.</summary>
    public string Nonce { get; }

    /// <summary><c>ts</c>.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary><c>enc</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> EncapsulatedKey { get; }

    /// <summary><c>ephC</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> InitiatorKey { get; }

    /// <summary>Writes a payload. The texts are plain (<see cref="HandshakeText.IsPlain"/>), which is the caller's duty.</summary>
    public static byte[] Write(
        string initiator, string responder, ReadOnlySpan<byte> info, ReadOnlySpan<byte> exportContext, string nonce,
        DateTimeOffset timestamp, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> initiatorKey)
    {
        // Fixed text, two DIDs, both context strings, nonce, time and keys stay below this with the limits of HandshakeText.
        Span<byte> buffer = stackalloc byte[3072];
        Utf8TextBuilder text = new(buffer);
        text.Append("{\"initDid\":\""u8);
        text.Append(initiator);
        text.Append("\",\"respDid\":\""u8);
        text.Append(responder);
        text.Append("\",\"info\":\""u8);
        text.Append(info);
        text.Append("\",\"exportCtx\":\""u8);
        text.Append(exportContext);
        text.Append("\",\"nonce\":\""u8);
        text.Append(nonce);
        text.Append("\",\"ts\":\""u8);
        text.Append(Rfc3339.Format(timestamp));
        text.Append("\",\"enc\":\""u8);
        text.AppendBase64Url(encapsulatedKey);
        text.Append("\",\"ephC\":\""u8);
        text.AppendBase64Url(initiatorKey);
        text.Append("\"}"u8);
        return text.Written.ToArray();
    }

    /// <summary>Reads a payload. Unknown members are ignored if they are strings; everything else is refused.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out InitiationPayload? payload)
    {
        payload = null;
        if (!StrictJson.TryParse(utf8Json, MaxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object && TryRead(document.RootElement, out payload);
        }
    }

    private static bool TryRead(JsonElement root, [NotNullWhen(true)] out InitiationPayload? payload)
    {
        payload = null;
        string? initiator = null, responder = null, nonce = null, timestamp = null;
        byte[]? info = null, exportContext = null, encapsulatedKey = null, initiatorKey = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            JsonElement value = property.Value;
            bool valid =
                property.NameEquals("initDid"u8) ? WireJson.TryGetText(value, 1, HandshakeText.MaxDid, out initiator)
                : property.NameEquals("respDid"u8) ? WireJson.TryGetText(value, 1, HandshakeText.MaxDid, out responder)
                : property.NameEquals("info"u8) ? WireJson.TryGetUtf8(value, MaxTextSize, out info)
                : property.NameEquals("exportCtx"u8) ? WireJson.TryGetUtf8(value, MaxTextSize, out exportContext)
                : property.NameEquals("nonce"u8) ? WireJson.TryGetText(value, 1, HandshakeText.MaxNonce, out nonce)
                : property.NameEquals("ts"u8) ? WireJson.TryGetText(value, 1, Rfc3339.MaxLength, out timestamp)
                : property.NameEquals("enc"u8) ? TryGetKey(value, out encapsulatedKey)
                : property.NameEquals("ephC"u8) ? TryGetKey(value, out initiatorKey)
                : value.ValueKind == JsonValueKind.String;
            if (!valid)
            {
                return false;
            }
        }

        if (initiator is null || responder is null || info is null || exportContext is null || encapsulatedKey is null || initiatorKey is null
            || !HandshakeText.IsVisible(nonce) || !Rfc3339.TryParse(timestamp, out DateTimeOffset time))
        {
            return false;
        }

        payload = new InitiationPayload(initiator, responder, info, exportContext, nonce, time, encapsulatedKey, initiatorKey);
        return true;
    }

    private static bool TryGetKey(JsonElement element, [NotNullWhen(true)] out byte[]? key)
    {
        byte[] bytes = new byte[KeySchedule.KeySize];
        key = WireJson.TryGetKey(element, bytes) ? bytes : null;
        return key is not null;
    }
}
