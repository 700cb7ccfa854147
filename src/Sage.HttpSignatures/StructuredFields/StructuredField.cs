using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>A parsed field (RFC 9651): its text and where each value stands in it. Values are decoded when they are asked for.</summary>
internal sealed class StructuredField
{
    private const string LineSeparator = ", ";
    private const int NodesOnStack = 32;
    private const int MembersOnStack = 16;

    private readonly StructuredNode[] _nodes;
    private readonly int[] _members;

    private StructuredField(string text, StructuredFieldType type, in StructuredFieldParser parsed)
    {
        Text = text;
        Type = type;
        _nodes = parsed.Nodes.ToArray();
        _members = parsed.Members.ToArray();
        HasDuplicateKeys = parsed.HasDuplicateKeys;
        HasDuplicateParameters = parsed.HasDuplicateParameters;
    }

    /// <summary>The field as received, several lines joined by a comma and a space.</summary>
    public string Text { get; }

    public StructuredFieldType Type { get; }

    /// <summary>Members of a list or dictionary; 1 for an item.</summary>
    public int Count => _members.Length;

    /// <summary>Whether a dictionary named a key twice. The last value counts and stands where the first stood; whoever signs or verifies should refuse.</summary>
    public bool HasDuplicateKeys { get; }

    /// <summary>Whether anything in the field has a parameter twice; the last value counts.</summary>
    public bool HasDuplicateParameters { get; }

    internal ReadOnlySpan<StructuredNode> Nodes => _nodes;

    /// <summary>A member, in the order of the field.</summary>
    public StructuredValue this[int index] => new(this, _members[index]);

    public static bool TryParse(StructuredFieldType type, string text, [NotNullWhen(true)] out StructuredField? field) =>
        TryParse(type, text, StructuredFieldLimits.Default, out field);

    public static bool TryParse(StructuredFieldType type, string text, StructuredFieldLimits limits, [NotNullWhen(true)] out StructuredField? field)
    {
        StructuredFieldParser parser = new(text, limits, stackalloc StructuredNode[NodesOnStack], stackalloc int[MembersOnStack]);
        field = parser.TryParse(type) ? new StructuredField(text, type, in parser) : null;
        parser.Dispose();
        return field is not null;
    }

    /// <summary>Parses the lines of one field in the order received; no line at all is an empty field, which only an item may not be.</summary>
    public static bool TryParse(StructuredFieldType type, IReadOnlyList<string?> lines, StructuredFieldLimits limits, [NotNullWhen(true)] out StructuredField? field)
    {
        if (lines.Count == 1)
        {
            return TryParse(type, lines[0] ?? string.Empty, limits, out field);
        }

        // The sum is checked before anything is joined: the lines come from outside.
        long length = (long)LineSeparator.Length * (lines.Count - 1);
        foreach (string? line in lines)
        {
            length += line?.Length ?? 0;
        }

        if (length > limits.FieldLength)
        {
            field = null;
            return false;
        }

        return TryParse(type, string.Join(LineSeparator, lines), limits, out field);
    }

    /// <summary>The member of a dictionary with a key.</summary>
    public bool TryGetMember(ReadOnlySpan<char> key, out StructuredValue member)
    {
        foreach (int node in _members)
        {
            member = new StructuredValue(this, node);
            if (Type == StructuredFieldType.Dictionary && member.Key.Equals(key, StringComparison.Ordinal))
            {
                return true;
            }
        }

        member = default;
        return false;
    }

    /// <summary>The canonical text (RFC 9651 §4.1). It is empty for a list or dictionary without members, which is then not sent at all.</summary>
    public string Serialize()
    {
        StructuredFieldWriter writer = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        foreach (int node in _members)
        {
            StructuredValue member = new(this, node);
            if (Type == StructuredFieldType.Dictionary)
            {
                writer.Member(member.Key);
            }
            else
            {
                writer.Member();
            }

            member.WriteTo(ref writer);
        }

        return writer.TryComplete(out string? text)
            ? text
            : throw new InvalidOperationException("A parsed field cannot be written.");
    }
}
