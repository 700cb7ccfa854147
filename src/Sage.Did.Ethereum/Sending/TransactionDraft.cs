namespace Sage.Did.Ethereum;

/// <summary>What a transaction is to do. Nonce, gas and fees are the sender's matter.</summary>
public sealed class TransactionDraft
{
    /// <summary>The contract or account; <see langword="null"/> to make a contract of <see cref="Data"/>.</summary>
    public EthereumAddress? To { get; init; }

    /// <summary>Selector and arguments, or the code that makes a contract.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Wei sent along; zero by default, and refused above <see cref="TransactionSenderOptions.MaxValue"/>.</summary>
    public UInt256 Value { get; init; }
}
