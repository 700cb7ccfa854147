using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>A value in a parsed field: an item, an inner list or a parameter. Text is decoded by the getter of its kind; every other getter returns false.</summary>
internal readonly struct StructuredValue
{
    private readonly StructuredField _field;
    private readonly int _node;

    internal StructuredValue(StructuredField field, int node)
    {
        _field = field;
        _node = node;
    }

    public StructuredValueKind Kind => Node.Kind;

    /// <summary>The key of a dictionary member or parameter; empty for other values.</summary>
    public ReadOnlySpan<char> Key => _field.Text.AsSpan(Node.KeyOffset, Node.KeyLength);

    /// <summary>The items of an inner list; none for other values.</summary>
    public StructuredValues Items => new(_field, _node + 1, Node.InnerNodes);

    /// <summary>The parameters, in the order of the field.</summary>
    public StructuredValues Parameters => new(_field, FirstParameter, Node.ParameterCount);

    /// <summary>Where the value with its parameters stands in <see cref="StructuredField.Text"/>. Empty at its place for a true that is only implied and has no parameters.</summary>
    public Range ReceivedRange
    {
        get
        {
            // A parameter that was given twice stands where its last value was, so the end is the greatest one.
            int end = Node.Offset + Node.Length;
            foreach (ref readonly StructuredNode parameter in _field.Nodes.Slice(FirstParameter, Node.ParameterCount))
            {
                end = Math.Max(end, parameter.Offset + parameter.Length);
            }

            return Node.Offset..end;
        }
    }

    /// <summary>The value with its parameters exactly as received; RFC 9421 §3.2 verifies signature parameters over this text.</summary>
    public ReadOnlySpan<char> ReceivedText => _field.Text.AsSpan()[ReceivedRange];

    private int FirstParameter => _node + 1 + Node.InnerNodes;

    private ref readonly StructuredNode Node => ref _field.Nodes[_node];

    private ReadOnlySpan<char> Bare => _field.Text.AsSpan(Node.Offset, Node.Length);

    private ReadOnlySpan<char> Quoted => Bare[1..^1];

    public bool TryGetParameter(ReadOnlySpan<char> key, out StructuredValue parameter)
    {
        foreach (StructuredValue candidate in Parameters)
        {
            if (candidate.Key.Equals(key, StringComparison.Ordinal))
            {
                parameter = candidate;
                return true;
            }
        }

        parameter = default;
        return false;
    }

    public bool TryGetInteger(out long value)
    {
        bool found = Kind == StructuredValueKind.Integer;
        value = found ? StructuredNumber.FromChecked(Bare) : 0;
        return found;
    }

    public bool TryGetDecimal(out StructuredDecimal value)
    {
        bool found = Kind == StructuredValueKind.Decimal;
        value = found ? StructuredDecimal.FromChecked(Bare) : default;
        return found;
    }

    /// <summary>Seconds since 1970-01-01T00:00:00Z; the grammar allows more than a DateTimeOffset can hold.</summary>
    public bool TryGetDate(out long seconds)
    {
        bool found = Kind == StructuredValueKind.Date;
        seconds = found ? StructuredNumber.FromChecked(Bare[1..]) : 0;
        return found;
    }

    public bool TryGetBoolean(out bool value)
    {
        bool found = Kind == StructuredValueKind.Boolean;
        value = found && !Bare.EndsWith('0');
        return found;
    }

    public bool TryGetToken([NotNullWhen(true)] out string? value)
    {
        value = Kind == StructuredValueKind.Token ? Bare.ToString() : null;
        return value is not null;
    }

    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = Kind == StructuredValueKind.String ? EscapedText.Decode(Quoted) : null;
        return value is not null;
    }

    public bool TryGetDisplayString([NotNullWhen(true)] out string? value)
    {
        value = Kind == StructuredValueKind.DisplayString ? DisplayText.Decode(Bare[2..^1]) : null;
        return value is not null;
    }

    public bool TryGetBytes([NotNullWhen(true)] out byte[]? value)
    {
        value = Kind == StructuredValueKind.ByteSequence ? Convert.FromBase64String(Quoted.ToString()) : null;
        return value is not null;
    }

    /// <summary>Decodes a byte sequence without allocating; false also when it is longer than <paramref name="destination"/>.</summary>
    public bool TryGetBytes(Span<byte> destination, out int written)
    {
        written = 0;
        return Kind == StructuredValueKind.ByteSequence && Convert.TryFromBase64Chars(Quoted, destination, out written);
    }

    /// <summary>Whether this is a string of that content, without allocating.</summary>
    public bool IsString(ReadOnlySpan<char> content) => Kind == StructuredValueKind.String && EscapedText.Equals(Quoted, content);

    /// <summary>Writes the value and its parameters in canonical form, without its key.</summary>
    public void WriteTo(ref StructuredFieldWriter writer)
    {
        if (Kind == StructuredValueKind.InnerList)
        {
            writer.OpenInnerList();
            foreach (StructuredValue item in Items)
            {
                item.WriteTo(ref writer);
            }

            writer.CloseInnerList();
        }
        else
        {
            WriteBareTo(ref writer);
        }

        foreach (StructuredValue parameter in Parameters)
        {
            writer.Parameter(parameter.Key);
            parameter.WriteBareTo(ref writer);
        }
    }

    private void WriteBareTo(ref StructuredFieldWriter writer)
    {
        switch (Kind)
        {
            case StructuredValueKind.Integer:
                writer.Integer(StructuredNumber.FromChecked(Bare));
                break;
            case StructuredValueKind.Decimal:
                writer.Decimal(StructuredDecimal.FromChecked(Bare));
                break;
            case StructuredValueKind.Date:
                writer.Date(StructuredNumber.FromChecked(Bare[1..]));
                break;
            case StructuredValueKind.Boolean:
                writer.Boolean(!Bare.EndsWith('0'));
                break;
            case StructuredValueKind.DisplayString:
                writer.DisplayString(DisplayText.Decode(Bare[2..^1]));
                break;
            default:
                // Strings, tokens and byte sequences have one text each, the one that the parser accepted.
                writer.Canonical(Bare);
                break;
        }
    }
}
