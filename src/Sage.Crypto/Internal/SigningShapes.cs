using System.Text;
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

    // A member of one of the shapes is a bit, so that what a handshake signs is read without allocating.
    private static readonly byte[][] Known = [.. InitiationMembers.Concat(ResponseMembers).Concat(CardMembers).Distinct().Select(Encoding.ASCII.GetBytes)];
    private static readonly int Initiation = Bits(InitiationMembers);
    private static readonly int Response = Bits(ResponseMembers);
    private static readonly int Card = Bits(CardMembers);

    public static bool Accepts(SigningPurpose purpose, ReadOnlySpan<byte> data) => purpose switch
    {
        SigningPurpose.HandshakeInitiation => ReadMembers(data) is { AllStrings: true } m && m.Has(Initiation),
        SigningPurpose.HandshakeResponse => ReadMembers(data) is { AllStrings: true, Others: 0 } m && m.Bits == Response,
        SigningPurpose.SessionRecord => data.Length >= 36 && data[..4].IndexOfAnyExcept((byte)0) < 0,
        SigningPurpose.HttpMessage => IsHttpBase(data),
        SigningPurpose.AgentCard => ReadMembers(data) is { AllStrings: false } m && m.Has(Card),
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
            || (ReadMembers(text) is { } m && !m.Has(Initiation) && !m.Has(Response) && !m.Has(Card));
    }

    /// <summary>
    /// The top-level members of a JSON object; null if it is none, has a member twice, or has more than 1024.
    /// </summary>
    private static Members? ReadMembers(ReadOnlySpan<byte> data)
    {
        if (data is not [(byte)'{', ..])
        {
            return null;
        }

        bool allStrings = true;
        int bits = 0;
        HashSet<string>? others = null;
        try
        {
            Utf8JsonReader reader = new(data);
            reader.Read();
            for (int count = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; count++)
            {
                int bit = BitOf(ref reader);
                bool isNew = bit != 0 ? (bits & bit) == 0 : (others ??= new(StringComparer.Ordinal)).Add(reader.GetString()!);
                if (count == 1024 || !isNew)
                {
                    return null;
                }

                bits |= bit;
                reader.Read();
                allStrings &= reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }

            return reader.Read() ? null : new Members(bits, others?.Count ?? 0, allStrings);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Zero for a name that is in no shape.
    private static int BitOf(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < Known.Length; i++)
        {
            if (reader.ValueTextEquals(Known[i]))
            {
                return 1 << i;
            }
        }

        return 0;
    }

    private static int Bits(string[] members) =>
        members.Aggregate(0, (bits, member) => bits | (1 << Array.FindIndex(Known, name => Encoding.ASCII.GetString(name) == member)));

    /// <param name="Bits">Those that are in some shape.</param>
    /// <param name="Others">How many are in none.</param>
    /// <param name="AllStrings">Whether every value is a string.</param>
    private readonly record struct Members(int Bits, int Others, bool AllStrings)
    {
        public bool Has(int shape) => (Bits & shape) == shape;
    }
}
