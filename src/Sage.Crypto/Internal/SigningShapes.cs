using System.Text.Json;

namespace Sage.Crypto.Internal;

/// <summary>
/// Tells the signing purposes of SAGE profile P1 apart by their bytes: records begin with four zero bytes, HTTP bases
/// with a quote, challenges and registry writes with their own prefix, and the JSON ones differ in their members.
/// </summary>
internal static class SigningShapes
{
    private static readonly string[] InitiationMembers = ["initDid", "respDid", "info", "exportCtx", "nonce", "ts", "enc", "ephC"];

    private static readonly string[] ResponseMembers =
        ["ackTagB64", "ctx", "did", "enc", "ephC", "ephS", "exportCtxHash", "infoHash", "kid", "task", "ts", "v"];

    private static readonly string[] CardMembers = ["@context", "id", "publicKey", "type"];

    public static bool Accepts(SigningPurpose purpose, ReadOnlySpan<byte> data) => purpose switch
    {
        SigningPurpose.HandshakeInitiation => ReadMembers(data, out bool strings) is { } m && strings && InitiationMembers.All(m.Contains),
        SigningPurpose.HandshakeResponse => ReadMembers(data, out bool strings) is { } m && strings && m.SetEquals(ResponseMembers),
        SigningPurpose.SessionRecord => data.Length >= 36 && data[..4].IndexOfAnyExcept((byte)0) < 0,
        SigningPurpose.HttpMessage => IsHttpBase(data),
        SigningPurpose.AgentCard => ReadMembers(data, out bool strings) is { } m && !strings && CardMembers.All(m.Contains),
        SigningPurpose.ProofOfPossession => data.StartsWith("SAGE-PoP:did:"u8),
        SigningPurpose.RegistryWrite => data.StartsWith("SAGE-Registry:v1\n{"u8),
        SigningPurpose.Application => IsApplication(data),
        _ => false,
    };

    private static bool IsHttpBase(ReadOnlySpan<byte> data)
    {
        int lastLine = data.LastIndexOf((byte)'\n') + 1;
        return data.StartsWith("\""u8) && data[lastLine..].StartsWith("\"@signature-params\": ("u8);
    }

    // Stricter than "none of the others": other implementations read more than the canonical shapes, for example an
    // initiation after white space or with a member twice, so whatever could be taken for a protocol message is refused.
    private static bool IsApplication(ReadOnlySpan<byte> data)
    {
        // 32 bytes could be the SHA-256 of a proof-of-possession challenge, which is what Ed25519 signs there.
        if (data.Length == 32 || data.StartsWith("SAGE-"u8)
            || Accepts(SigningPurpose.SessionRecord, data) || Accepts(SigningPurpose.HttpMessage, data))
        {
            return false;
        }

        ReadOnlySpan<byte> text = data.StartsWith("\ufeff"u8) ? data[3..] : data;
        text = text.TrimStart(" \t\r\n"u8);
        return text is not [(byte)'{', ..]
            || (ReadMembers(text, out _) is { } m
                && !InitiationMembers.All(m.Contains) && !ResponseMembers.All(m.Contains) && !CardMembers.All(m.Contains));
    }

    /// <summary>
    /// The top-level member names of a JSON object and whether all values are strings; null if it is none, has a member
    /// twice, or has more than 1024.
    /// </summary>
    private static HashSet<string>? ReadMembers(ReadOnlySpan<byte> data, out bool allStrings)
    {
        allStrings = true;
        if (data is not [(byte)'{', ..])
        {
            return null;
        }

        HashSet<string> names = new(16, StringComparer.Ordinal);
        try
        {
            Utf8JsonReader reader = new(data);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (names.Count == 1024 || !names.Add(reader.GetString()!))
                {
                    return null;
                }

                reader.Read();
                allStrings &= reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }

            return reader.Read() ? null : names;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
