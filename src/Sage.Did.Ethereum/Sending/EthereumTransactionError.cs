namespace Sage.Did.Ethereum;

/// <summary>Why a transaction was not sent, or did not do what it should.</summary>
public enum EthereumTransactionError
{
    /// <summary>The network asks for more per unit of gas than the caller allows. Nothing was signed.</summary>
    FeeTooHigh,

    /// <summary>The transaction needs more gas than the caller allows. Nothing was signed.</summary>
    GasTooHigh,

    /// <summary>The draft sends more wei along than the caller allows. Nothing was signed.</summary>
    ValueTooHigh,

    /// <summary>The transaction would revert: see <see cref="EthereumTransactionException.RevertData"/>. Nothing was signed.</summary>
    WouldRevert,

    /// <summary>As many transactions as allowed are sent and not confirmed. Nothing was signed.</summary>
    Busy,

    /// <summary>What the signer gave is not a signature of its account. Nothing was sent.</summary>
    SignerMismatch,

    /// <summary>The node refused the transaction; it will not be in any block.</summary>
    Rejected,

    /// <summary>Whether the node has the transaction, or whether it is in a block, is not known. Do not send it anew: wait for <see cref="EthereumTransactionException.Transaction"/>, or send the next, which settles this one first.</summary>
    OutcomeUnknown,

    /// <summary>Another transaction of the account took its place; it will not be in any block.</summary>
    Replaced,

    /// <summary>The transaction was not confirmed in time; it still may be. Wait again, or replace it.</summary>
    TimedOut,

    /// <summary>The transaction is in a block and changed nothing: see <see cref="EthereumTransactionException.RevertData"/>.</summary>
    Reverted,
}
