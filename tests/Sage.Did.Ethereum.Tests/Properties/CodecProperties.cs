using FsCheck;
using FsCheck.Fluent;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Rlp;

namespace Sage.Did.Ethereum.Tests.Properties;

/// <summary>What must hold for every value and for every string of bytes.</summary>
[TestFixture]
internal sealed class CodecProperties
{
    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Arguments_read_back_as_written() => Prop.ForAll(AbiGenerators.Arguments.ToArbitrary(), arguments =>
    {
        byte[] encoded = AbiCodec.Encode(arguments.Type, arguments.Value);
        return encoded.Length % 32 == 0
            && AbiCodec.TryDecode(arguments.Type, encoded, out AbiValue? decoded)
            && AbiCodec.Encode(arguments.Type, decoded).AsSpan().SequenceEqual(encoded)
            && AbiType.TryParse(arguments.Type.ToString(), out AbiType? again) && again.ToString() == arguments.Type.ToString();
    });

    [FsCheck.NUnit.Property(MaxTest = 3000)]
    public Property Changed_arguments_are_refused_or_are_what_those_values_are_written_as() => Prop.ForAll(
        Changed(AbiGenerators.Arguments.Select(arguments => (arguments.Type, AbiCodec.Encode(arguments.Type, arguments.Value)))).ToArbitrary(),
        changed => !AbiCodec.TryDecode(changed.Type, changed.Bytes, out AbiValue? decoded)
            || AbiCodec.Encode(changed.Type, decoded).AsSpan().SequenceEqual(changed.Bytes));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Items_read_back_as_written() => Prop.ForAll(Items(4).ToArbitrary(), item =>
    {
        byte[] encoded = item.Encode();
        return RlpItem.TryDecode(encoded, out RlpItem? decoded) && decoded.Encode().AsSpan().SequenceEqual(encoded) && Same(item, decoded);
    });

    [FsCheck.NUnit.Property(MaxTest = 3000)]
    public Property Changed_items_are_refused_or_are_what_those_are_written_as() => Prop.ForAll(
        Changed(Items(4).Select(item => (0, item.Encode()))).ToArbitrary(),
        changed => !RlpItem.TryDecode(changed.Bytes, out RlpItem? decoded) || decoded.Encode().AsSpan().SequenceEqual(changed.Bytes));

    // A byte replaced, the end cut off, or a word put in.
    private static Gen<(T Type, byte[] Bytes)> Changed<T>(Gen<(T Type, byte[] Bytes)> source) =>
        from original in source
        from how in Gen.Choose(0, 2)
        from at in Gen.Choose(0, Math.Max(0, original.Bytes.Length - 1))
        from value in Gen.Elements<byte>(0, 1, 0x1F, 0x20, 0x21, 0x40, 0x7F, 0x80, 0xB8, 0xC0, 0xF8, 0xFF)
        select (original.Type, how switch
        {
            0 when original.Bytes.Length > 0 => [.. original.Bytes[..at], value, .. original.Bytes[(at + 1)..]],
            1 => original.Bytes[..at],
            _ => [.. original.Bytes[..at], .. new byte[31], value, .. original.Bytes[at..]],
        });

    private static Gen<RlpItem> Items(int depth)
    {
        Gen<RlpItem> bytes = from size in Gen.Elements(0, 1, 2, 54, 55, 56, 255, 256, 300)
                             from content in Gen.Choose(0, 255).ArrayOf(size)
                             select RlpItem.Of([.. content.Select(b => (byte)b)]);
        return depth == 0 ? bytes : Gen.Frequency((2, bytes), (1, from count in Gen.Choose(0, 4) from items in Items(depth - 1).ArrayOf(count) select RlpItem.List(items)));
    }

    private static bool Same(RlpItem left, RlpItem right) =>
        left.Items is null == right.Items is null
        && left.Bytes.Span.SequenceEqual(right.Bytes.Span)
        && (left.Items is null || (left.Items.Count == right.Items!.Count && left.Items.Zip(right.Items, Same).All(same => same)));
}
