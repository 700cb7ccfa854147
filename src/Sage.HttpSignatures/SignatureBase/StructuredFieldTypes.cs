using System.Collections.Frozen;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The types of the structured fields that standards define; an application adds its own through its policy.</summary>
internal static class StructuredFieldTypes
{
    // IANA's field name registry, column "Structured Type".
    private static readonly FrozenDictionary<string, StructuredFieldType> Registered = new Dictionary<string, StructuredFieldType>
    {
        ["accept-ch"] = StructuredFieldType.List,
        ["accept-signature"] = StructuredFieldType.Dictionary,
        ["cache-status"] = StructuredFieldType.List,
        ["cdn-cache-control"] = StructuredFieldType.Dictionary,
        ["client-cert"] = StructuredFieldType.Item,
        ["client-cert-chain"] = StructuredFieldType.List,
        ["content-digest"] = StructuredFieldType.Dictionary,
        ["priority"] = StructuredFieldType.Dictionary,
        ["proxy-status"] = StructuredFieldType.List,
        ["repr-digest"] = StructuredFieldType.Dictionary,
        ["signature"] = StructuredFieldType.Dictionary,
        ["signature-agent"] = StructuredFieldType.Dictionary,
        ["signature-input"] = StructuredFieldType.Dictionary,
        ["want-content-digest"] = StructuredFieldType.Dictionary,
        ["want-repr-digest"] = StructuredFieldType.Dictionary,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, IReadOnlyDictionary<string, StructuredFieldType> more, out StructuredFieldType type) =>
        more.TryGetValue(name, out type) || Registered.TryGetValue(name, out type);
}
