using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Properties;

/// <summary>Types of every kind up to three levels deep, and values of them with the edges of their ranges.</summary>
internal static class AbiGenerators
{
    /// <summary>A tuple of one to four types, and a value of it.</summary>
    public static Gen<(AbiType Type, AbiValue Value)> Arguments =>
        from count in Gen.Choose(1, 4)
        from components in Type(3).ArrayOf(count)
        let type = AbiType.TupleOf(components)!
        from value in Value(type)
        select (type, value);

    /// <summary>The value as the command cast takes it; texts have letters alone.</summary>
    public static string Literal(AbiType type, AbiValue value, bool outermost) => type.Kind switch
    {
        AbiKind.UInt => value.Number!.Value.ToString(),
        AbiKind.Int => Signed(value.Number!.Value).ToString(CultureInfo.InvariantCulture),
        AbiKind.Address => value.ToAddress().ToString(),
        AbiKind.Bool => value.Number == UInt256.One ? "true" : "false",
        AbiKind.FixedBytes or AbiKind.Bytes => "0x" + Convert.ToHexStringLower(value.Bytes!.Value.Span),
        AbiKind.String => outermost ? value.Text! : $"\"{value.Text}\"",
        AbiKind.Tuple => $"({string.Join(',', value.Items!.Select((item, i) => Literal(type.Components[i], item, outermost: false)))})",
        _ => $"[{string.Join(',', value.Items!.Select(item => Literal(type.Element!, item, outermost: false)))}]",
    };

    private static Gen<AbiType> Type(int depth)
    {
        Gen<AbiType> elementary = Gen.OneOf(
            Gen.Choose(1, 32).Select(bytes => AbiType.Elementary(AbiKind.UInt, 8 * bytes)!),
            Gen.Choose(1, 32).Select(bytes => AbiType.Elementary(AbiKind.Int, 8 * bytes)!),
            Gen.Choose(1, 32).Select(bytes => AbiType.Elementary(AbiKind.FixedBytes, bytes)!),
            Gen.Elements(AbiKind.Address, AbiKind.Bool, AbiKind.Bytes, AbiKind.String).Select(kind => AbiType.Elementary(kind)!));
        return depth == 0
            ? elementary
            : Gen.Frequency(
                (3, elementary),
                (1, from element in Type(depth - 1) from count in Gen.Elements(-1, 1, 2, 3) select AbiType.ArrayOf(element, count)!),
                (1, from count in Gen.Choose(1, 3) from components in Type(depth - 1).ArrayOf(count) select AbiType.TupleOf(components)!));
    }

    private static Gen<AbiValue> Value(AbiType type) => type.Kind switch
    {
        AbiKind.UInt => Bytes(type.Size / 8).Select(bytes => AbiValue.Of(UInt256.FromBigEndian(bytes))),
        AbiKind.Int => Bytes(type.Size / 8).Select(bytes => AbiValue.Of(SignExtended(bytes))),
        AbiKind.Address => Bytes(20).Select(bytes => AbiValue.Of(EthereumAddress.FromBytes(bytes))),
        AbiKind.Bool => Gen.Elements(AbiValue.Of(true), AbiValue.Of(false)),
        AbiKind.FixedBytes => Bytes(type.Size).Select(bytes => AbiValue.Of(bytes)),
        AbiKind.Bytes => Gen.Choose(0, 70).SelectMany(Bytes).Select(bytes => AbiValue.Of(bytes)),
        AbiKind.String => Gen.Elements("abcXYZ".ToCharArray()).ArrayOf().Select(letters => AbiValue.Of(new string(letters))),
        AbiKind.Array => Gen.Choose(0, 3).SelectMany(count => Value(type.Element!).ArrayOf(count)).Select(items => AbiValue.List(items)),
        AbiKind.FixedArray => Value(type.Element!).ArrayOf(type.Size).Select(items => AbiValue.List(items)),
        _ => Gen.CollectToArray(type.Components, Value).Select(items => AbiValue.List(items)),
    };

    private static Gen<byte[]> Bytes(int count) =>
        from kind in Gen.Choose(0, 3)
        from bytes in Gen.Choose(0, 255).ArrayOf(count)
        select bytes.Select(b => kind switch { 0 => (byte)0, 1 => (byte)0xFF, _ => (byte)b }).ToArray();

    private static UInt256 SignExtended(byte[] bytes) =>
        UInt256.FromBigEndian([.. Enumerable.Repeat((byte)(bytes[0] >= 0x80 ? 0xFF : 0), 32 - bytes.Length), .. bytes]);

    private static BigInteger Signed(UInt256 value)
    {
        byte[] bytes = new byte[32];
        value.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
    }
}
