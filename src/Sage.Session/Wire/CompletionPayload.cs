using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The response of a handshake (SAGE profile P1 §4.7): a closed object of 13 strings. The signature is over the canonical
/// JSON of the other 12; as every text here is one that JSON does not escape, that is the members in order.
/// </summary>
internal sealed class CompletionPayload
{
    public const int MaxSize = 16 * 1024;

    private const int MemberCount = 13;
    private const int MaxSignatureText = 87;

    // Twelve members within their limits need less than this; the signature adds 98 bytes.
    private const int MaxSignedSize = 1536;

    // The six fixed-size values, in the order of their properties.
    private readonly byte[] values;
    private readonly byte[] signature;
    private readonly string timestampText;

    private CompletionPayload(string context, string kid, string did, string timestampText, DateTimeOffset timestamp, byte[] values, byte[] signature)
    {
        Context = context;
        Kid = kid;
        Did = did;
        this.timestampText = timestampText;
        Timestamp = timestamp;
        this.values = values;
        this.signature = signature;
    }

    /// <summary><c>ctx</c>.</summary>
    public string Context { get; }

    /// <summary><c>kid</c>.</summary>
    public string Kid { get; }

    /// <summary><c>did</c>.</summary>
    public string Did { get; }

    /// <summary><c>ts</c>.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary><c>ephS</c>, 32 bytes.</summary>
    public ReadOnlySpan<byte> ResponderKey => Value(0);

    /// <summary><c>ackTagB64</c>, 32 bytes.</summary>
    public ReadOnlySpan<byte> AckTag => Value(1);

    /// <summary><c>infoHash</c>, 32 bytes.</summary>
    public ReadOnlySpan<byte> InfoHash => Value(2);

    /// <summary><c>exportCtxHash</c>, 32 bytes.</summary>
    public ReadOnlySpan<byte> ExportContextHash => Value(3);

    /// <summary><c>enc</c>, 32 bytes; strict base64url makes this the same comparison as one of the texts.</summary>
    public ReadOnlySpan<byte> EncapsulatedKey => Value(4);

    /// <summary><c>ephC</c>, 32 bytes.</summary>
    public ReadOnlySpan<byte> InitiatorKey => Value(5);

    /// <summary><c>sigB64</c>, 64 or 65 bytes.</summary>
    public ReadOnlySpan<byte> Signature => signature;

    /// <summary>Writes the 12 members that are signed. The texts are plain, which is the caller's duty.</summary>
    public static byte[] WriteSigned(
        string context, string kid, string did, string timestamp, ReadOnlySpan<byte> responderKey, ReadOnlySpan<byte> ackTag,
        ReadOnlySpan<byte> infoHash, ReadOnlySpan<byte> exportContextHash, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> initiatorKey)
    {
        Span<byte> buffer = stackalloc byte[MaxSignedSize];
        return WriteSigned(
            buffer, context, kid, did, timestamp, responderKey, ackTag, infoHash, exportContextHash, encapsulatedKey, initiatorKey).ToArray();
    }

    /// <summary>Adds the signature to the signed members.</summary>
    public static byte[] Write(ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        Span<byte> buffer = stackalloc byte[MaxSignedSize + 128];
        Utf8TextBuilder text = new(buffer);
        text.Append(signedBytes[..^1]);
        text.Append(",\"sigB64\":\""u8);
        text.AppendBase64Url(signature);
        text.Append("\"}"u8);
        return text.Written.ToArray();
    }

    /// <summary>Whether the signature over the received members is a key's.</summary>
    public bool IsSignedBy(PublicKey key)
    {
        Span<byte> buffer = stackalloc byte[MaxSignedSize];
        return key.Verify(WriteSigned(buffer), signature);
    }

    /// <summary>What the signature is over.</summary>
    public byte[] ToSignedBytes()
    {
        Span<byte> buffer = stackalloc byte[MaxSignedSize];
        return WriteSigned(buffer).ToArray();
    }

    /// <summary>Reads a response: exactly the 13 members, each a string of its size and encoding.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out CompletionPayload? completion)
    {
        completion = null;
        if (!StrictJson.TryParse(utf8Json, MaxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.GetPropertyCount() == MemberCount
                && TryRead(document.RootElement, out completion);
        }
    }

    // Thirteen members without duplicates, each one known: none is missing.
    private static bool TryRead(JsonElement root, [NotNullWhen(true)] out CompletionPayload? completion)
    {
        completion = null;
        string? context = null, kid = null, did = null, timestamp = null;
        byte[] values = new byte[6 * KeySchedule.KeySize];
        byte[]? signature = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            JsonElement value = property.Value;
            bool valid =
                property.NameEquals("v"u8) ? Is(value, HandshakeText.Version)
                : property.NameEquals("task"u8) ? Is(value, HandshakeText.Task)
                : property.NameEquals("ctx"u8) ? TryGetPlain(value, HandshakeText.MaxContext, out context)
                : property.NameEquals("kid"u8) ? TryGetPlain(value, HandshakeText.MaxKid, out kid)
                : property.NameEquals("did"u8) ? TryGetPlain(value, HandshakeText.MaxDid, out did)
                : property.NameEquals("ts"u8) ? WireJson.TryGetText(value, 1, Rfc3339.MaxLength, out timestamp)
                : property.NameEquals("ephS"u8) ? TryGetValue(value, values, 0)
                : property.NameEquals("ackTagB64"u8) ? TryGetValue(value, values, 1)
                : property.NameEquals("infoHash"u8) ? TryGetValue(value, values, 2)
                : property.NameEquals("exportCtxHash"u8) ? TryGetValue(value, values, 3)
                : property.NameEquals("enc"u8) ? TryGetValue(value, values, 4)
                : property.NameEquals("ephC"u8) ? TryGetValue(value, values, 5)
                : property.NameEquals("sigB64"u8) && TryGetSignature(value, out signature);
            if (!valid)
            {
                return false;
            }
        }

        if (!Rfc3339.TryParse(timestamp, out DateTimeOffset time))
        {
            return false;
        }

        completion = new CompletionPayload(context!, kid!, did!, timestamp!, time, values, signature!);
        return true;
    }

    private static bool Is(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static bool TryGetPlain(JsonElement element, int maxLength, [NotNullWhen(true)] out string? text) =>
        WireJson.TryGetText(element, 1, maxLength, out text) && HandshakeText.IsPlain(text, maxLength);

    private static bool TryGetValue(JsonElement element, byte[] values, int index) =>
        WireJson.TryGetKey(element, values.AsSpan(index * KeySchedule.KeySize, KeySchedule.KeySize));

    private static bool TryGetSignature(JsonElement element, [NotNullWhen(true)] out byte[]? signature)
    {
        signature = null;
        return WireJson.TryGetText(element, 1, MaxSignatureText, out string? text)
            && StrictBase64.TryDecodeUrl(text, 65, out signature) && signature.Length >= 64;
    }

    private ReadOnlySpan<byte> Value(int index) => values.AsSpan(index * KeySchedule.KeySize, KeySchedule.KeySize);

    private ReadOnlySpan<byte> WriteSigned(Span<byte> buffer) => WriteSigned(
        buffer, Context, Kid, Did, timestampText, ResponderKey, AckTag, InfoHash, ExportContextHash, EncapsulatedKey, InitiatorKey);

    private static ReadOnlySpan<byte> WriteSigned(
        Span<byte> buffer, string context, string kid, string did, string timestamp, ReadOnlySpan<byte> responderKey, ReadOnlySpan<byte> ackTag,
        ReadOnlySpan<byte> infoHash, ReadOnlySpan<byte> exportContextHash, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> initiatorKey)
    {
        Utf8TextBuilder text = new(buffer);
        text.Append("{\"ackTagB64\":\""u8);
        text.AppendBase64Url(ackTag);
        text.Append("\",\"ctx\":\""u8);
        text.Append(context);
        text.Append("\",\"did\":\""u8);
        text.Append(did);
        text.Append("\",\"enc\":\""u8);
        text.AppendBase64Url(encapsulatedKey);
        text.Append("\",\"ephC\":\""u8);
        text.AppendBase64Url(initiatorKey);
        text.Append("\",\"ephS\":\""u8);
        text.AppendBase64Url(responderKey);
        text.Append("\",\"exportCtxHash\":\""u8);
        text.AppendBase64Url(exportContextHash);
        text.Append("\",\"infoHash\":\""u8);
        text.AppendBase64Url(infoHash);
        text.Append("\",\"kid\":\""u8);
        text.Append(kid);
        text.Append("\",\"task\":\""u8);
        text.Append(HandshakeText.Task);
        text.Append("\",\"ts\":\""u8);
        text.Append(timestamp);
        text.Append("\",\"v\":\""u8);
        text.Append(HandshakeText.Version);
        text.Append("\"}"u8);
        return text.Written;
    }
}
