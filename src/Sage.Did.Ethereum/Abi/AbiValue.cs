namespace Sage.Did.Ethereum.Abi;

/// <summary>
/// A value whose type is only known at run time: a number (also an address, a boolean, and a signed integer as its two's
/// complement of 256 bits), bytes, a text, or the members of an array or a tuple.
/// </summary>
internal sealed class AbiValue
{
    private AbiValue()
    {
    }

    public UInt256? Number { get; private init; }

    public ReadOnlyMemory<byte>? Bytes { get; private init; }

    public string? Text { get; private init; }

    public IReadOnlyList<AbiValue>? Items { get; private init; }

    public static AbiValue Of(UInt256 number) => new() { Number = number };

    public static AbiValue Of(EthereumAddress address) => Of(UInt256.FromBigEndian(address.ToArray()));

    public static AbiValue Of(bool value) => Of(value ? UInt256.One : UInt256.Zero);

    public static AbiValue Of(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };

    public static AbiValue Of(string text) => new() { Text = text };

    public static AbiValue List(params IReadOnlyList<AbiValue> items) => new() { Items = items };

    /// <summary>The number as an address: its last 20 bytes.</summary>
    public EthereumAddress ToAddress()
    {
        Span<byte> word = stackalloc byte[AbiWord.Size];
        Number!.Value.WriteBigEndian(word);
        return EthereumAddress.FromBytes(word[^EthereumAddress.Size..]);
    }
}
