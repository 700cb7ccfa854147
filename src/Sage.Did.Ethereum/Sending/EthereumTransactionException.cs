namespace Sage.Did.Ethereum;

/// <summary>A transaction was not sent, or did not do what it should.</summary>
public sealed class EthereumTransactionException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">A sentence for the reader; never holds a transaction's bytes.</param>
    /// <param name="innerException">What caused it, or <see langword="null"/>.</param>
    public EthereumTransactionException(EthereumTransactionError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The reason.</summary>
    public EthereumTransactionError Error { get; }

    /// <summary>The transaction, when it was sent or may have been.</summary>
    public SentTransaction? Transaction { get; internal init; }

    /// <summary>The receipt of a transaction that reverted.</summary>
    public TransactionReceipt? Receipt { get; internal init; }

    /// <summary>What the contract said when it reverted: a selector and arguments, empty if it said nothing or the node does not tell.</summary>
    public ReadOnlyMemory<byte> RevertData { get; internal init; }
}
