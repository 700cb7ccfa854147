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

    // 32 bytes could be the SHA-256 of a proof-of-possession challenge, which is what Ed25519 signs there.
    private static bool IsApplication(ReadOnlySpan<byte> data)
    {
        if (data.Length == 32)
        {
            return false;
        }

        for (SigningPurpose other = SigningPurpose.HandshakeInitiation; other < SigningPurpose.Application; other++)
        {
            if (Accepts(other, data))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The top-level member names of a JSON object and whether all values are strings; null if it is none.</summary>
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
                if (names.Count == 64 || !names.Add(reader.GetString()!))
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
