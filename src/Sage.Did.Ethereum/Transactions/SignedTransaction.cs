using System.Diagnostics.CodeAnalysis;
using Sage.Did.Ethereum.Internal;
using Sage.Did.Ethereum.Rlp;

namespace Sage.Did.Ethereum.Transactions;

/// <summary>A signed transaction of type 2, as it is broadcast.</summary>
internal sealed class SignedTransaction
{
    /// <summary>The longest encoding that is read, in bytes: what nodes accept into their pools.</summary>
    public const int MaximumSize = 128 * 1024;

    internal SignedTransaction(Eip1559Transaction transaction, EthereumSignature signature, EthereumAddress sender, byte[] raw)
    {
        Transaction = transaction;
        Signature = signature;
        Sender = sender;
        Raw = raw;
        Hash = Keccak.Hash(raw);
    }

    public Eip1559Transaction Transaction { get; }

    public EthereumSignature Signature { get; }

    /// <summary>The account that recovers from the signature.</summary>
    public EthereumAddress Sender { get; }

    /// <summary>The bytes for eth_sendRawTransaction.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The 32 bytes by which the chain knows the transaction.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Reads a transaction of type 2 in its only form and recovers its sender.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> raw, [NotNullWhen(true)] out SignedTransaction? signed)
    {
        signed = null;
        if (raw.Length is 0 or > MaximumSize || raw[0] != Eip1559Transaction.Type)
        {
            return false;
        }

        RlpReader outer = new(raw[1..]);
        if (!outer.TryReadList(out RlpReader fields) || !outer.IsAtEnd || !TryReadFields(ref fields, out Eip1559Transaction? transaction)
            || !TryReadSignature(ref fields, out EthereumSignature? signature) || !fields.IsAtEnd
            || !signature.TryRecover(transaction.SigningHash(), out EthereumAddress sender))
        {
            return false;
        }

        signed = new SignedTransaction(transaction, signature, sender, raw.ToArray());
        return true;
    }

    private static bool TryReadFields(ref RlpReader fields, [NotNullWhen(true)] out Eip1559Transaction? transaction)
    {
        transaction = null;
        if (!fields.TryReadInteger(out UInt256 chainId) || !fields.TryReadInteger(out ulong nonce)
            || !fields.TryReadInteger(out UInt256 priorityFee) || !fields.TryReadInteger(out UInt256 fee)
            || !fields.TryReadInteger(out ulong gasLimit) || !fields.TryReadBytes(out ReadOnlySpan<byte> to) || to.Length is not (0 or EthereumAddress.Size)
            || !fields.TryReadInteger(out UInt256 value) || !fields.TryReadBytes(out ReadOnlySpan<byte> data)
            || !fields.TryReadList(out RlpReader accessList) || !TryReadAccessList(accessList, out List<AccessListEntry>? entries))
        {
            return false;
        }

        transaction = new Eip1559Transaction
        {
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = priorityFee,
            MaxFeePerGas = fee,
            GasLimit = gasLimit,
            To = to.IsEmpty ? null : EthereumAddress.FromBytes(to),
            Value = value,
            Data = data.ToArray(),
            AccessList = entries,
        };
        return true;
    }

    private static bool TryReadAccessList(RlpReader list, [NotNullWhen(true)] out List<AccessListEntry>? entries)
    {
        entries = null;
        List<AccessListEntry> read = [];
        while (!list.IsAtEnd)
        {
            if (!list.TryReadList(out RlpReader entry) || !entry.TryReadBytes(EthereumAddress.Size, out ReadOnlySpan<byte> address)
                || !entry.TryReadList(out RlpReader keys) || !entry.IsAtEnd)
            {
                return false;
            }

            List<UInt256> storageKeys = [];
            while (!keys.IsAtEnd)
            {
                if (!keys.TryReadBytes(UInt256.Size, out ReadOnlySpan<byte> key))
                {
                    return false;
                }

                storageKeys.Add(UInt256.FromBigEndian(key));
            }

            read.Add(new AccessListEntry(EthereumAddress.FromBytes(address), storageKeys));
        }

        entries = read;
        return true;
    }

    private static bool TryReadSignature(ref RlpReader fields, [NotNullWhen(true)] out EthereumSignature? signature)
    {
        signature = null;
        return fields.TryReadInteger(out UInt256 yParity) && fields.TryReadInteger(out UInt256 r) && fields.TryReadInteger(out UInt256 s)
            && EthereumSignature.TryCreate(r, s, yParity, out signature);
    }
}
