using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Reads component identifiers and refuses every combination that RFC 9421 §2 does not define.</summary>
internal static class ComponentReader
{
    private const int LongestName = 128;

    private static readonly FrozenDictionary<string, ComponentKind> Derived = new Dictionary<string, ComponentKind>
    {
        ["@method"] = ComponentKind.Method,
        ["@target-uri"] = ComponentKind.TargetUri,
        ["@authority"] = ComponentKind.Authority,
        ["@scheme"] = ComponentKind.Scheme,
        ["@request-target"] = ComponentKind.RequestTarget,
        ["@path"] = ComponentKind.Path,
        ["@query"] = ComponentKind.Query,
        ["@query-param"] = ComponentKind.QueryParam,
        ["@status"] = ComponentKind.Status,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The identifiers that nearly every message uses: reading them allocates nothing.
    private static readonly FrozenDictionary<string, SignatureComponent>.AlternateLookup<ReadOnlySpan<char>> Common =
        CreateCommon().ToFrozenDictionary(component => component.Identifier, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads one item of a covered list; its text as received becomes the identifier.</summary>
    public static SignatureError Read(StructuredValue item, out SignatureComponent? component)
    {
        if (Common.TryGetValue(item.ReceivedText, out component))
        {
            return SignatureError.None;
        }

        if (!item.TryGetString(out string? name) || name.Length > LongestName)
        {
            return SignatureError.UnknownComponent;
        }

        ComponentParameters parameters = ComponentParameters.None;
        string? argument = null;
        foreach (StructuredValue parameter in item.Parameters)
        {
            if (!TryReadParameter(parameter, ref argument, out ComponentParameters read))
            {
                return SignatureError.InvalidComponentParameter;
            }

            parameters |= read;
        }

        return Create(name, parameters, argument, item.ReceivedText.ToString(), out component);
    }

    public static bool TryParse(string identifier, [NotNullWhen(true)] out SignatureComponent? component)
    {
        component = null;
        return StructuredField.TryParse(StructuredFieldType.Item, identifier, out StructuredField? field)
            && !field.HasDuplicateParameters
            && field.Serialize() == identifier
            && Read(field[0], out component) == SignatureError.None
            && component is not null;
    }

    /// <summary>Checks the name and the combination of parameters (RFC 9421 §2.1, §2.2, §2.5).</summary>
    public static SignatureError Create(
        string name, ComponentParameters parameters, string? argument, string identifier, out SignatureComponent? component)
    {
        component = null;
        if (name.StartsWith('@'))
        {
            if (!Derived.TryGetValue(name, out ComponentKind kind))
            {
                return SignatureError.UnknownComponent;
            }

            ComponentParameters needed = kind == ComponentKind.QueryParam ? ComponentParameters.Name : ComponentParameters.None;
            ComponentParameters allowed = needed | (kind == ComponentKind.Status ? ComponentParameters.None : ComponentParameters.Request);
            if ((parameters & ~allowed) != 0 || (parameters & needed) != needed)
            {
                return SignatureError.InvalidComponentParameter;
            }

            component = new SignatureComponent(kind, name, parameters, argument, identifier);
            return SignatureError.None;
        }

        if (!IsFieldName(name))
        {
            return SignatureError.UnknownComponent;
        }

        // Octets as they are and a structured reading of them exclude each other.
        const ComponentParameters Structured = ComponentParameters.StructuredField | ComponentParameters.Key;
        if ((parameters & ComponentParameters.Name) != 0
            || ((parameters & ComponentParameters.ByteSequence) != 0 && (parameters & Structured) != 0))
        {
            return SignatureError.InvalidComponentParameter;
        }

        component = new SignatureComponent(ComponentKind.Field, name, parameters, argument, identifier);
        return SignatureError.None;
    }

    /// <summary>A field name in lower case (RFC 9110 §5.1; RFC 9421 §2.1 wants lower case).</summary>
    public static bool IsFieldName(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && !"!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    private static bool TryReadParameter(StructuredValue parameter, ref string? argument, out ComponentParameters read)
    {
        read = parameter.Key switch
        {
            "sf" => ComponentParameters.StructuredField,
            "bs" => ComponentParameters.ByteSequence,
            "req" => ComponentParameters.Request,
            "tr" => ComponentParameters.Trailer,
            "key" => ComponentParameters.Key,
            "name" => ComponentParameters.Name,
            _ => ComponentParameters.None,
        };
        return read switch
        {
            ComponentParameters.None => false,
            ComponentParameters.Key or ComponentParameters.Name => parameter.TryGetString(out argument),

            // A flag is its name alone; "=?1" would be a second spelling and "=?0" has no meaning.
            _ => parameter.ReceivedText.IsEmpty,
        };
    }

    private static IEnumerable<SignatureComponent> CreateCommon()
    {
        string[] names =
        [
            "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", "@status",
            "content-type", "content-digest", "content-length", "date", "host", "accept", "authorization", "signature", "signature-input",
            "signature-agent", "x-sage-did", "traceparent",
        ];
        foreach (string name in names)
        {
            Create(name, ComponentParameters.None, null, $"\"{name}\"", out SignatureComponent? component);
            yield return component!;
            if (Create(name, ComponentParameters.Request, null, $"\"{name}\";req", out component) == SignatureError.None)
            {
                yield return component!;
            }
        }
    }
}
