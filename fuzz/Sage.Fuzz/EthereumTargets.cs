using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Rlp;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Fuzz;

/// <summary>What an Ethereum node answers.</summary>
internal static class EthereumTargets
{
    private const string WordOf32 = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0020";
    private const string WordOf1 = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001";

    // Whatever the first byte of the input says; among them the answer of the key registry and types that multiply.
    private static readonly AbiType[] Types =
    [
        .. new[]
        {
            "(uint256)", "(string)", "(bytes,bool,int16)", "(uint256[],string[])", "(address,bool,uint64,(uint8,uint8,uint32,bytes32,bytes)[])",
            "((string,bytes)[],uint8[2][])", "(uint256[][][][])", "(string[4000][4000])", "()",
        }.Select(AbiType.Parse),
    ];

    private static readonly AbiErrors Errors = new("NotAuthorized()", "TooManyKeys(uint256,string)");

    public static FuzzTarget[] All { get; } =
    [
        new("rlp", "what decodes encodes to the same bytes", Rlp, "\0", "\u0001", "\u007f"),
        new("abi", "what decodes encodes to the same bytes", Abi, WordOf32, WordOf1),
        new("transaction", "what decodes encodes to the same bytes and has a sender", Transaction, "\0", "\u0001"),
    ];

    private static void Rlp(ReadOnlySpan<byte> input)
    {
        if (RlpItem.TryDecode(input, out RlpItem? item))
        {
            Oracle.Same(item.Encode(), input, "the item has two encodings");
        }
    }

    private static void Abi(ReadOnlySpan<byte> input)
    {
        Oracle.Holds(Errors.Read(input).Message.Length < 400, "a revert reason is long");
        if (input.IsEmpty)
        {
            return;
        }

        AbiType type = Types[input[0] % Types.Length];
        if (AbiCodec.TryDecode(type, input[1..], out AbiValue? value))
        {
            Oracle.Same(AbiCodec.Encode(type, value), input[1..], "the value has two encodings");
        }
    }

    private static void Transaction(ReadOnlySpan<byte> input)
    {
        if (SignedTransaction.TryDecode(input, out SignedTransaction? signed))
        {
            Oracle.Same(signed.Transaction.Encode(signed.Signature), input, "the transaction has two encodings");
            Oracle.Holds(signed.Signature.TryRecover(signed.Transaction.SigningHash(), out Sage.Did.Ethereum.EthereumAddress sender) && sender == signed.Sender, "the transaction has no sender");
        }
    }
}
