namespace Sage.Did.Ethereum;

/// <summary>What a <see cref="TransactionSender"/> may spend and how long it waits.</summary>
/// <param name="maxFeePerGas">The most that is paid per unit of gas, base fee and tip together, in wei. There is no default: it is the caller's money.</param>
public sealed class TransactionSenderOptions(UInt256 maxFeePerGas)
{
    /// <summary>The most that is paid per unit of gas, base fee and tip together, in wei.</summary>
    public UInt256 MaxFeePerGas { get; } = maxFeePerGas;

    /// <summary>The least tip per unit of gas, in wei, whatever others paid of late; 0.001 gwei by default.</summary>
    public UInt256 MinTipPerGas { get; set; } = 1_000_000;

    /// <summary>The most tip per unit of gas, in wei: what others paid is followed up to here, and a replacement that needs more is refused. No bound of its own by default.</summary>
    public UInt256? MaxTipPerGas { get; set; }

    /// <summary>Which tip of the last blocks is taken, in percent of their gas; 50 by default, between 0 and 100.</summary>
    public int TipPercentile { get; set; } = 50;

    /// <summary>What is added to the estimate of gas, in percent; 25 by default, between 0 and 400.</summary>
    public int GasMargin { get; set; } = 25;

    /// <summary>The most gas of a transaction, the margin included; 5,000,000 by default.</summary>
    public ulong MaxGas { get; set; } = 5_000_000;

    /// <summary>The most wei that a transaction may send along; none by default.</summary>
    public UInt256 MaxValue { get; set; }

    /// <summary>How many blocks, its own included, must hold a transaction; 1 by default, at most 1,000.</summary>
    public int Confirmations { get; set; } = 1;

    /// <summary>How often is looked for a receipt; every second by default.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long is waited for the confirmations; 5 minutes by default.</summary>
    public TimeSpan ReceiptTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most transactions that are sent and not confirmed; 64 by default, at most 1,024. More are refused.</summary>
    public int MaxInFlight { get; set; } = 64;

    /// <summary>How often the same bytes are sent when it is not known whether they arrived; 4 by default, at most 10.</summary>
    public int MaxAttempts { get; set; } = 4;

    internal TransactionSenderOptions Copy() => (TransactionSenderOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfEqual(MaxFeePerGas.IsZero, true, nameof(MaxFeePerGas));
        InRange(MaxTipPerGas ?? MinTipPerGas, MinTipPerGas, UInt256.MaxValue, nameof(MaxTipPerGas));
        InRange(TipPercentile, 0, 100, nameof(TipPercentile));
        InRange(GasMargin, 0, 400, nameof(GasMargin));
        InRange(MaxGas, 21_000UL, ulong.MaxValue / 500, nameof(MaxGas));
        InRange(Confirmations, 1, 1_000, nameof(Confirmations));
        InRange(PollInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(PollInterval));
        InRange(ReceiptTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(ReceiptTimeout));
        InRange(MaxInFlight, 1, 1_024, nameof(MaxInFlight));
        InRange(MaxAttempts, 1, 10, nameof(MaxAttempts));
    }

    private static void InRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
