using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum.Abi;

/// <summary>A type of the contract ABI, at most <see cref="MaximumDepth"/> deep and <see cref="MaximumHeadWords"/> wide.</summary>
internal sealed class AbiType
{
    /// <summary>How deep arrays and tuples may lie in each other.</summary>
    public const int MaximumDepth = 16;

    /// <summary>How many words the static part of a type may take.</summary>
    public const int MaximumHeadWords = 4096;

    private AbiType(AbiKind kind, int size, AbiType? element, IReadOnlyList<AbiType> components)
    {
        Kind = kind;
        Size = size;
        Element = element;
        Components = components;
        long frame = kind switch
        {
            AbiKind.FixedArray => (long)size * element!.HeadWords,
            AbiKind.Tuple => components.Sum(component => (long)component.HeadWords),
            _ => 1,
        };
        FrameWords = (int)Math.Min(frame, int.MaxValue);
        IsDynamic = kind is AbiKind.Bytes or AbiKind.String or AbiKind.Array
            || element is { IsDynamic: true } || components.Any(component => component.IsDynamic);
        HeadWords = IsDynamic ? 1 : FrameWords;
        Depth = 1 + Math.Max(element?.Depth ?? 0, components.Select(component => component.Depth).DefaultIfEmpty(0).Max());
    }

    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of bytesN, elements of T[k]; otherwise 0.</summary>
    public int Size { get; }

    /// <summary>The T of T[] and T[k].</summary>
    public AbiType? Element { get; }

    /// <summary>The members of a tuple.</summary>
    public IReadOnlyList<AbiType> Components { get; }

    /// <summary>Whether values are written elsewhere, with an offset in their place.</summary>
    public bool IsDynamic { get; }

    /// <summary>Words that a value takes in its place: those of the offset if the type is dynamic.</summary>
    public int HeadWords { get; }

    /// <summary>Words that the places of the members of a tuple or a T[k] take together.</summary>
    public int FrameWords { get; }

    private int Depth { get; }

    private bool IsWithinLimits => Depth <= MaximumDepth && FrameWords <= MaximumHeadWords;

    /// <summary>Reads a type in canonical form: <c>uint256</c>, not <c>uint</c>; a tuple is its types in parentheses.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AbiType? type)
    {
        if (AbiTypeParser.TryParse(ref text, 0, out type) && text.IsEmpty)
        {
            return true;
        }

        type = null;
        return false;
    }

    public static AbiType Parse(string text) => TryParse(text, out AbiType? type) ? type : throw new FormatException($"'{text}' is no type of the ABI.");

    public static AbiType? Elementary(AbiKind kind, int size = 0) => kind switch
    {
        AbiKind.UInt or AbiKind.Int when size % 8 != 0 || size is < 8 or > 256 => null,
        AbiKind.FixedBytes when size is < 1 or > 32 => null,
        AbiKind.FixedArray or AbiKind.Array or AbiKind.Tuple => null,
        _ => new AbiType(kind, size, null, []),
    };

    /// <summary>T[k] for a count of 1 and more, T[] for −1; null over the limits.</summary>
    public static AbiType? ArrayOf(AbiType element, int count)
    {
        if (count is 0 or < -1 || element.FrameWords == 0)
        {
            return null;
        }

        AbiType type = new(count < 0 ? AbiKind.Array : AbiKind.FixedArray, Math.Max(count, 0), element, []);
        return type.IsWithinLimits ? type : null;
    }

    /// <summary>A tuple; null over the limits.</summary>
    public static AbiType? TupleOf(IReadOnlyList<AbiType> components)
    {
        AbiType type = new(AbiKind.Tuple, 0, null, components);
        return type.IsWithinLimits ? type : null;
    }

    /// <summary>The canonical form, which is hashed into selectors and topics.</summary>
    public override string ToString() => Kind switch
    {
        AbiKind.UInt => $"uint{Size}",
        AbiKind.Int => $"int{Size}",
        AbiKind.FixedBytes => $"bytes{Size}",
        AbiKind.Array => $"{Element}[]",
        AbiKind.FixedArray => $"{Element}[{Size}]",
        AbiKind.Tuple => $"({string.Join(',', Components)})",
        AbiKind.Address => "address",
        AbiKind.Bool => "bool",
        AbiKind.Bytes => "bytes",
        _ => "string",
    };
}
