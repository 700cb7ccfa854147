using System.Globalization;
using System.Text;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Internal;

namespace Sage.Did.Ethereum.Eip712;

/// <summary>
/// The structs of typed data and how their values are encoded (EIP-712, "Definition of hashStruct"). A value has the
/// members of its struct in their order; structs may contain themselves through arrays.
/// </summary>
internal sealed class Eip712Types
{
    private const int MaximumDepth = 64;

    private readonly Dictionary<string, IReadOnlyList<Eip712Field>> structs;
    private readonly Dictionary<string, byte[]> typeHashes = new(StringComparer.Ordinal);

    /// <param name="structs">The members of each struct, by its name.</param>
    /// <exception cref="FormatException">A member is neither of an elementary type nor of a struct.</exception>
    public Eip712Types(IEnumerable<KeyValuePair<string, IReadOnlyList<Eip712Field>>> structs)
    {
        this.structs = new Dictionary<string, IReadOnlyList<Eip712Field>>(structs, StringComparer.Ordinal);
        foreach (Eip712Field field in this.structs.Values.SelectMany(fields => fields))
        {
            if (!this.structs.ContainsKey(field.BaseType) && Elementary(field.BaseType) is null)
            {
                throw new FormatException($"'{field.Type}' is neither a type of the ABI nor a struct.");
            }
        }

        foreach (string name in this.structs.Keys)
        {
            typeHashes.Add(name, Keccak.Hash(Encoding.UTF8.GetBytes(EncodeType(name))));
        }
    }

    /// <summary>The text of a struct's type: itself, then the structs it refers to, by name.</summary>
    public string EncodeType(string name)
    {
        SortedSet<string> referred = new(StringComparer.Ordinal);
        Collect(name, referred);
        referred.Remove(name);
        return string.Concat(referred.Prepend(name).Select(type => $"{type}({string.Join(',', structs[type].Select(field => $"{field.Type} {field.Name}"))})"));
    }

    /// <summary>The hash of <see cref="EncodeType"/>.</summary>
    public ReadOnlySpan<byte> TypeHash(string name) => typeHashes[name];

    /// <summary>The hash of a struct's value.</summary>
    /// <exception cref="ArgumentException">The value is not of the struct.</exception>
    public byte[] HashStruct(string name, AbiValue value) => Keccak.Hash(EncodeStruct(name, value));

    /// <summary>The type hash and the encoded members.</summary>
    /// <exception cref="ArgumentException">The value is not of the struct.</exception>
    public byte[] EncodeStruct(string name, AbiValue value) => EncodeStruct(name, value, 0);

    private byte[] EncodeStruct(string name, AbiValue value, int depth)
    {
        IReadOnlyList<Eip712Field> fields = structs[name];
        if (value.Items?.Count != fields.Count || depth > MaximumDepth)
        {
            throw new ArgumentException($"The value is no {name}, or too deep.", nameof(value));
        }

        return [.. typeHashes[name], .. fields.SelectMany((field, i) => EncodeValue(field.Type, value.Items[i], depth + 1))];
    }

    private byte[] EncodeValue(string type, AbiValue value, int depth)
    {
        if (type.EndsWith(']'))
        {
            int bracket = type.LastIndexOf('[');
            bool counted = bracket + 2 < type.Length;
            if (value.Items is null || depth > MaximumDepth
                || (counted && value.Items.Count != int.Parse(type.AsSpan()[(bracket + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture)))
            {
                throw new ArgumentException($"The value is no {type}, or too deep.", nameof(value));
            }

            return Keccak.Hash([.. value.Items.SelectMany(item => EncodeValue(type[..bracket], item, depth + 1))]);
        }

        if (structs.ContainsKey(type))
        {
            return Keccak.Hash(EncodeStruct(type, value, depth));
        }

        AbiType elementary = Elementary(type)!;
        if (!AbiCodec.Fits(elementary, value))
        {
            throw new ArgumentException($"The value is no {type}.", nameof(value));
        }

        return elementary.Kind switch
        {
            AbiKind.String => Keccak.Hash(Encoding.UTF8.GetBytes(value.Text!)),
            AbiKind.Bytes => Keccak.Hash(value.Bytes!.Value.Span),
            AbiKind.FixedBytes => new AbiWriter().FixedBytes(value.Bytes!.Value.Span).ToArray(),
            _ => new AbiWriter().Number(value.Number!.Value).ToArray(),
        };
    }

    private void Collect(string name, SortedSet<string> found)
    {
        if (structs.TryGetValue(name, out IReadOnlyList<Eip712Field>? fields) && found.Add(name))
        {
            foreach (Eip712Field field in fields)
            {
                Collect(field.BaseType, found);
            }
        }
    }

    private static AbiType? Elementary(string type) =>
        AbiType.TryParse(type, out AbiType? found) && found.Kind is not (AbiKind.Tuple or AbiKind.Array or AbiKind.FixedArray) ? found : null;
}
