using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum.Abi;

/// <summary>Encodes and decodes values of types that are only known at run time.</summary>
internal static class AbiCodec
{
    /// <summary>Encodes the members of a tuple as the arguments of a call are, without an offset before them.</summary>
    /// <exception cref="ArgumentException">The values are not of the type.</exception>
    public static byte[] Encode(AbiType tuple, AbiValue values, ReadOnlySpan<byte> selector = default)
    {
        AbiWriter writer = new(selector);
        WriteMembers(writer, tuple, values);
        return writer.ToArray();
    }

    /// <summary>Decodes the members of a tuple from the strict form of the ABI.</summary>
    public static bool TryDecode(AbiType tuple, ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValue? values)
    {
        AbiReader reader = new(data, tuple.FrameWords);
        values = ReadMembers(ref reader, tuple);
        if (reader.TryEnd())
        {
            return true;
        }

        values = null;
        return false;
    }

    /// <summary>Whether a value is of a type and its numbers within the range of it.</summary>
    public static bool Fits(AbiType type, AbiValue value) => type.Kind switch
    {
        AbiKind.UInt => Fits(value, type.Size, signed: false),
        AbiKind.Int => Fits(value, type.Size, signed: true),
        AbiKind.Address => Fits(value, 8 * EthereumAddress.Size, signed: false),
        AbiKind.Bool => value.Number is { } number && number <= UInt256.One,
        AbiKind.FixedBytes => value.Bytes?.Length == type.Size,
        AbiKind.Bytes => value.Bytes is not null,
        AbiKind.String => value.Text is not null,
        AbiKind.FixedArray => value.Items?.Count == type.Size,
        AbiKind.Tuple => value.Items?.Count == type.Components.Count,
        _ => value.Items is not null,
    };

    private static bool Fits(AbiValue value, int bits, bool signed)
    {
        if (value.Number is not { } number)
        {
            return false;
        }

        Span<byte> word = stackalloc byte[AbiWord.Size];
        number.WriteBigEndian(word);
        return signed ? AbiWord.FitsSigned(word, bits) : AbiWord.FitsUnsigned(word, bits);
    }

    private static void WriteMembers(AbiWriter writer, AbiType type, AbiValue value)
    {
        if (!Fits(type, value))
        {
            throw new ArgumentException($"The value is no {type}.", nameof(value));
        }

        for (int i = 0; i < value.Items!.Count; i++)
        {
            Write(writer, type.Element ?? type.Components[i], value.Items[i]);
        }
    }

    private static void Write(AbiWriter writer, AbiType type, AbiValue value)
    {
        if (!Fits(type, value))
        {
            throw new ArgumentException($"The value is no {type}.", nameof(value));
        }

        switch (type.Kind)
        {
            case AbiKind.Bytes:
                writer.Bytes(value.Bytes!.Value.Span);
                break;
            case AbiKind.FixedBytes:
                writer.FixedBytes(value.Bytes!.Value.Span);
                break;
            case AbiKind.String:
                writer.String(value.Text!);
                break;
            case AbiKind.Array:
                writer.BeginArray(value.Items!.Count);
                WriteMembers(writer, type, value);
                writer.End();
                break;
            case AbiKind.FixedArray or AbiKind.Tuple:
                writer.BeginTuple();
                WriteMembers(writer, type, value);
                writer.End();
                break;
            default:
                writer.Number(value.Number!.Value);
                break;
        }
    }

    private static AbiValue ReadMembers(ref AbiReader reader, AbiType type) =>
        ReadItems(ref reader, type, type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size);

    // After an error it stops: T[k] in T[k] could go on for very long without data.
    private static AbiValue ReadItems(ref AbiReader reader, AbiType type, int count)
    {
        List<AbiValue> items = [];
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            items.Add(Read(ref reader, type.Element ?? type.Components[i]));
        }

        return AbiValue.List(items);
    }

    private static AbiValue Read(ref AbiReader reader, AbiType type)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt:
                return AbiValue.Of(reader.Number(type.Size));
            case AbiKind.Int:
                return AbiValue.Of(reader.SignedNumber(type.Size));
            case AbiKind.Address:
                return AbiValue.Of(reader.Number(8 * EthereumAddress.Size));
            case AbiKind.Bool:
                return AbiValue.Of(reader.Bool());
            case AbiKind.FixedBytes:
                return AbiValue.Of(reader.FixedBytes(type.Size).ToArray());
            case AbiKind.Bytes:
                return AbiValue.Of(reader.Bytes().ToArray());
            case AbiKind.String:
                return AbiValue.Of(reader.String());
            case AbiKind.Array:
                int count = reader.BeginArray(type.Element!.HeadWords);
                AbiValue array = ReadItems(ref reader, type, count);
                reader.End();
                return array;
            default:
                if (!type.IsDynamic)
                {
                    return ReadMembers(ref reader, type);
                }

                reader.BeginTuple(type.FrameWords);
                AbiValue members = ReadMembers(ref reader, type);
                reader.End();
                return members;
        }
    }
}
