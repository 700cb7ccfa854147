using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>Values as the vectors of ethers write them.</summary>
internal static class VectorValues
{
    /// <summary>A value, or an object whose member <c>value</c> is one.</summary>
    public static AbiValue Read(AbiType type, JsonElement element)
    {
        JsonElement value = element.ValueKind == JsonValueKind.Object ? element.GetProperty("value") : element;
        return type.Kind switch
        {
            AbiKind.UInt or AbiKind.Int => AbiValue.Of(Number(value.GetString()!)),
            AbiKind.Address => AbiValue.Of(EthereumAddress.Parse(value.GetString())),
            AbiKind.Bool => AbiValue.Of(value.GetBoolean()),
            AbiKind.Bytes or AbiKind.FixedBytes => AbiValue.Of(value.Hex()),
            AbiKind.String => AbiValue.Of(value.GetString()!),
            _ => AbiValue.List([.. value.EnumerateArray().Select((item, i) => Read(type.Element ?? type.Components[i], item))]),
        };
    }

    /// <summary>A decimal or hexadecimal integer, perhaps negative, as its two's complement.</summary>
    public static UInt256 Number(string text)
    {
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        BigInteger magnitude = digits.StartsWith("0x", StringComparison.Ordinal)
            ? BigInteger.Parse("0" + digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        BigInteger unsigned = negative ? (BigInteger.One << 256) - magnitude : magnitude;
        return UInt256.FromBigEndian(unsigned.ToByteArray(isUnsigned: true, isBigEndian: true));
    }
}
