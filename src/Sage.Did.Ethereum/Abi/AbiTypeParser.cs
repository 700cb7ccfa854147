using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Sage.Did.Ethereum.Abi;

/// <summary>Reads the canonical text of a type.</summary>
internal static class AbiTypeParser
{
    /// <summary>Reads one type from the beginning of the text and leaves the rest.</summary>
    public static bool TryParse(ref ReadOnlySpan<char> text, int depth, [NotNullWhen(true)] out AbiType? type)
    {
        type = null;
        if (depth > AbiType.MaximumDepth)
        {
            return false;
        }

        type = text.StartsWith('(') ? ReadTuple(ref text, depth) : ReadElementary(ref text);
        while (type is not null && text.StartsWith('['))
        {
            type = ReadArray(ref text, type);
        }

        return type is not null;
    }

    private static AbiType? ReadTuple(ref ReadOnlySpan<char> text, int depth)
    {
        text = text[1..];
        List<AbiType> components = [];
        if (text.StartsWith(')'))
        {
            text = text[1..];
            return AbiType.TupleOf(components);
        }

        while (components.Count < AbiType.MaximumHeadWords && TryParse(ref text, depth + 1, out AbiType? component) && !text.IsEmpty)
        {
            components.Add(component);
            char next = text[0];
            text = text[1..];
            if (next == ')')
            {
                return AbiType.TupleOf(components);
            }

            if (next != ',')
            {
                return null;
            }
        }

        return null;
    }

    private static AbiType? ReadArray(ref ReadOnlySpan<char> text, AbiType element)
    {
        int end = text.IndexOf(']');
        if (end < 0)
        {
            return null;
        }

        ReadOnlySpan<char> count = text[1..end];
        text = text[(end + 1)..];
        if (count.IsEmpty)
        {
            return AbiType.ArrayOf(element, -1);
        }

        return TryReadNumber(count, out int number) ? AbiType.ArrayOf(element, number) : null;
    }

    private static AbiType? ReadElementary(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExcept(LettersAndDigits);
        ReadOnlySpan<char> name = length < 0 ? text : text[..length];
        text = text[name.Length..];
        return name switch
        {
            "address" => AbiType.Elementary(AbiKind.Address),
            "bool" => AbiType.Elementary(AbiKind.Bool),
            "bytes" => AbiType.Elementary(AbiKind.Bytes),
            "string" => AbiType.Elementary(AbiKind.String),
            _ when name.StartsWith("uint") => Sized(AbiKind.UInt, name[4..]),
            _ when name.StartsWith("int") => Sized(AbiKind.Int, name[3..]),
            _ when name.StartsWith("bytes") => Sized(AbiKind.FixedBytes, name[5..]),
            _ => null,
        };
    }

    private static readonly System.Buffers.SearchValues<char> LettersAndDigits = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private static AbiType? Sized(AbiKind kind, ReadOnlySpan<char> digits) =>
        TryReadNumber(digits, out int size) ? AbiType.Elementary(kind, size) : null;

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length is > 0 and <= 4 && digits[0] != '0'
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
