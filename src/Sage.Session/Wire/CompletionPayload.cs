using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
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
    private const int HashTextSize = 43;
    private const int MaxSignatureText = 87;

    // Twelve members within their limits need less than this; the signature adds 98 bytes.
    private const int MaxSignedSize = 1536;

    private CompletionPayload(byte[] signedBytes, string context, string kid, string did, string version, string task)
    {
        SignedBytes = signedBytes;
        Context = context;
        Kid = kid;
        Did = did;
        Version = version;
        Task = task;
    }

    /// <summary>What the signature is over.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; }

    /// <summary><c>v</c>.</summary>
    public string Version { get; }

    /// <summary><c>task</c>.</summary>
    public string Task { get; }

    /// <summary><c>ctx</c>.</summary>
    public string Context { get; }

    /// <summary><c>kid</c>.</summary>
    public string Kid { get; }

    /// <summary><c>did</c>.</summary>
    public string Did { get; }

    /// <summary><c>ts</c>.</summary>
    public DateTimeOffset Timestamp { get; private init; }

    /// <summary><c>ephS</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> ResponderKey { get; private init; }

    /// <summary><c>ackTagB64</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> AckTag { get; private init; }

    /// <summary><c>infoHash</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> InfoHash { get; private init; }

    /// <summary><c>exportCtxHash</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> ExportContextHash { get; private init; }

    /// <summary><c>enc</c>, 32 bytes; strict base64url makes this the same comparison as one of the texts.</summary>
    public ReadOnlyMemory<byte> EncapsulatedKey { get; private init; }

    /// <summary><c>ephC</c>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> InitiatorKey { get; private init; }

    /// <summary><c>sigB64</c>, 64 or 65 bytes.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>Writes the 12 members that are signed. The texts are plain, which is the caller's duty.</summary>
    public static byte[] WriteSigned(
        string context, string kid, string did, string timestamp, ReadOnlySpan<byte> responderKey, ReadOnlySpan<byte> ackTag,
        ReadOnlySpan<byte> infoHash, ReadOnlySpan<byte> exportContextHash, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> initiatorKey)
    {
        Span<byte> buffer = stackalloc byte[MaxSignedSize];
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
        return text.Written.ToArray();
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
        string? version = null, task = null, context = null, kid = null, did = null, timestamp = null;
        byte[]? responderKey = null, ackTag = null, infoHash = null, exportContextHash = null, encapsulatedKey = null, initiatorKey = null, signature = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            JsonElement value = property.Value;
            bool valid =
                property.NameEquals("v"u8) ? WireJson.TryGetText(value, 1, WireJson.MaxTaskId, out version)
                : property.NameEquals("task"u8) ? WireJson.TryGetText(value, 1, WireJson.MaxTaskId, out task)
                : property.NameEquals("ctx"u8) ? TryGetPlain(value, HandshakeText.MaxContext, out context)
                : property.NameEquals("kid"u8) ? TryGetPlain(value, HandshakeText.MaxKid, out kid)
                : property.NameEquals("did"u8) ? TryGetPlain(value, HandshakeText.MaxDid, out did)
                : property.NameEquals("ts"u8) ? WireJson.TryGetText(value, 1, Rfc3339.MaxLength, out timestamp)
                : property.NameEquals("ephS"u8) ? TryGetBytes(value, out responderKey)
                : property.NameEquals("ackTagB64"u8) ? TryGetBytes(value, out ackTag)
                : property.NameEquals("infoHash"u8) ? TryGetBytes(value, out infoHash)
                : property.NameEquals("exportCtxHash"u8) ? TryGetBytes(value, out exportContextHash)
                : property.NameEquals("enc"u8) ? TryGetBytes(value, out encapsulatedKey)
                : property.NameEquals("ephC"u8) ? TryGetBytes(value, out initiatorKey)
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

        byte[] signedBytes = WriteSigned(
            context!, kid!, did!, timestamp!, responderKey, ackTag, infoHash, exportContextHash, encapsulatedKey, initiatorKey);
        completion = new CompletionPayload(signedBytes, context!, kid!, did!, version!, task!)
        {
            Timestamp = time,
            ResponderKey = responderKey,
            AckTag = ackTag,
            InfoHash = infoHash,
            ExportContextHash = exportContextHash,
            EncapsulatedKey = encapsulatedKey,
            InitiatorKey = initiatorKey,
            Signature = signature,
        };
        return true;
    }

    private static bool TryGetPlain(JsonElement element, int maxLength, [NotNullWhen(true)] out string? text) =>
        WireJson.TryGetText(element, 1, maxLength, out text) && HandshakeText.IsPlain(text, maxLength);

    private static bool TryGetBytes(JsonElement element, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return WireJson.TryGetText(element, HashTextSize, HashTextSize, out string? text)
            && StrictBase64.TryDecodeUrl(text, KeySchedule.KeySize, out bytes);
    }

    private static bool TryGetSignature(JsonElement element, [NotNullWhen(true)] out byte[]? signature)
    {
        signature = null;
        return WireJson.TryGetText(element, 1, MaxSignatureText, out string? text)
            && StrictBase64.TryDecodeUrl(text, 65, out signature) && signature.Length >= 64;
    }
}
