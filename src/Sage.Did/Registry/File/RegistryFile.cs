using System.Text;
using System.Text.Json;

namespace Sage.Did;

/// <summary>
/// The content of a registry file, <c>{"records":[…]}</c> (docs/registry.md): where each record stands. What is not a
/// readable record, and every other member, is kept as it is and disturbs nothing else.
/// </summary>
internal sealed class RegistryFile
{
    public const int MaxSize = 64 * 1024 * 1024;

    private readonly byte[] bytes;
    private readonly Dictionary<AgentDid, RegistrySlot> slots = [];

    /// <summary>Where the next record goes: behind the last element, or behind the opening bracket.</summary>
    private int end = -1;

    private bool hasElements;

    private RegistryFile(byte[] bytes) => this.bytes = bytes;

    /// <summary>What a file that is not there stands for.</summary>
    public static RegistryFile Empty { get; } = TryParse(Encoding.UTF8.GetBytes("{\"records\":[\n]}\n"), null)!;

    public ReadOnlySpan<byte> Bytes => bytes;

    public int Count => slots.Count;

    /// <summary>Finds the records of a file; null if it is not JSON, or not of that form.</summary>
    /// <param name="bytes">The file; not to be changed afterwards.</param>
    /// <param name="earlier">An earlier version, whose checked records are taken over where they are unchanged.</param>
    public static RegistryFile? TryParse(byte[] bytes, RegistryFile? earlier)
    {
        RegistryFile file = new(bytes);
        try
        {
            // Depth is a matter of each record; the reader itself keeps one bit a level.
            Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
            if (!file.TryRead(ref reader))
            {
                return null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for text that is not valid UTF-8 or UTF-16.
            return null;
        }

        file.Inherit(earlier);
        return file;
    }

    public RegistrySlot? Find(AgentDid did) => slots.GetValueOrDefault(did);

    /// <summary>The file with one record put in the place of the earlier one, or appended; every other byte stays.</summary>
    public byte[] With(AgentDid did, ReadOnlySpan<byte> json)
    {
        if (Find(did) is { } slot)
        {
            return [.. bytes.AsSpan(0, slot.Start), .. json, .. bytes.AsSpan(slot.Start + slot.Json.Length)];
        }

        ReadOnlySpan<byte> separator = hasElements ? ",\n"u8 : "\n"u8;
        return [.. bytes.AsSpan(0, end), .. separator, .. json, .. bytes.AsSpan(end)];
    }

    private bool TryRead(ref Utf8JsonReader reader)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name) || !reader.Read())
            {
                return false;
            }

            if (name != "records")
            {
                reader.Skip();
            }
            else if (!TryReadRecords(ref reader))
            {
                return false;
            }
        }

        return end >= 0 && !reader.Read();
    }

    private bool TryReadRecords(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        end = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            bool isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            end = (int)reader.BytesConsumed;
            hasElements = true;
            if (isObject)
            {
                Add(start, bytes.AsMemory(start, end - start));
            }
        }

        return true;
    }

    // An element that names two DIDs stands in the way of both; reading it will refuse it, like any member given twice.
    private void Add(int start, ReadOnlyMemory<byte> json)
    {
        foreach (AgentDid did in DidsOf(json.Span))
        {
            if (!slots.TryAdd(did, new RegistrySlot(did, json, start)))
            {
                slots[did].IsAmbiguous = true;
            }
        }
    }

    /// <summary>The DIDs that an element claims to be about: the values of its members <c>did</c> that are did:sage.</summary>
    private static List<AgentDid> DidsOf(ReadOnlySpan<byte> json)
    {
        List<AgentDid> dids = [];
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isDid = reader.ValueTextEquals("did"u8);
            reader.Read();
            if (isDid && reader.TokenType == JsonTokenType.String && TryGetText(ref reader, out string text) && SageDid.TryParse(text, out SageDid? did))
            {
                dids.Add(did.Did);
            }

            reader.Skip();
        }

        return dids;
    }

    private static bool TryGetText(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Not valid UTF-8 or UTF-16, so no DID; the record is refused when it is read, like any malformed one.
            text = "";
            return false;
        }
    }

    private void Inherit(RegistryFile? earlier)
    {
        foreach ((AgentDid did, RegistrySlot slot) in slots)
        {
            if (earlier?.Find(did) is { } same)
            {
                slot.Inherit(same);
            }
        }
    }
}
