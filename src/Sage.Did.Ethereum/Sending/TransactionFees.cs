namespace Sage.Did.Ethereum;

/// <summary>What is paid per unit of gas, in wei (EIP-1559).</summary>
internal readonly record struct TransactionFees(UInt256 MaxFee, UInt256 MaxTip)
{
    /// <summary>An eighth more, rounded up: what every node takes for a replacement.</summary>
    public TransactionFees Raise() => new(Raise(MaxFee), Raise(MaxTip));

    private static UInt256 Raise(UInt256 fee) => ((fee * 9) + 7).DivRem(8).Quotient;
}
