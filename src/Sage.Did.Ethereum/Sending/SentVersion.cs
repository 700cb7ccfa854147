namespace Sage.Did.Ethereum;

/// <summary>The bytes that are sent, again and again if need be; they are never logged.</summary>
internal sealed class SentVersion(ReadOnlyMemory<byte> bytes, EthereumHash hash, TransactionFees fees)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public EthereumHash Hash { get; } = hash;

    public TransactionFees Fees { get; } = fees;

    public override string ToString() => Hash.ToString();
}
