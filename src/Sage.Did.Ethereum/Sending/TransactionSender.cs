using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Did.Ethereum;

/// <summary>
/// Sends transactions of one account on one chain. Nonces are given out one after the other; signed bytes are sent again as they are
/// when it is not known whether they arrived, and never signed anew with another nonce before that is known. Safe from any thread.
/// </summary>
/// <remarks>
/// Senders of one account for one chain id in this process share their nonces, so none of them takes another's place. They must ask
/// the same chain: two local chains with one id are taken for one. A sender in another process is given way, but may cost a
/// transaction its place.
/// </remarks>
public sealed class TransactionSender : IDisposable
{
    // Somebody else may send from the account at the same time, but not win for ever.
    private const int MaxNonceAttempts = 8;

    private readonly EthereumClient client;
    private readonly IEthereumSigner signer;
    private readonly ulong chainId;
    private readonly TransactionSenderOptions options;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly TransactionPricing pricing;
    private readonly Broadcaster broadcaster;
    private readonly EthereumAddress account;
    private readonly NonceLane lane;
    private bool isChecked;
    private int isDisposed;

    /// <summary>Makes a sender.</summary>
    /// <param name="client">The node.</param>
    /// <param name="signer">The account.</param>
    /// <param name="chainId">The chain (EIP-155); the node must serve it.</param>
    /// <param name="options">Bounds; read once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TransactionSender(EthereumClient client, IEthereumSigner signer, ulong chainId, TransactionSenderOptions options, TimeProvider? timeProvider = null, ILogger<TransactionSender>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.client = client;
        this.signer = signer;
        this.chainId = chainId;
        this.options = options.Copy();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<TransactionSender>.Instance;
        account = signer.Address;
        pricing = new TransactionPricing(client, account, this.options);
        broadcaster = new Broadcaster(client, this.options.MaxAttempts, this.options.PollInterval, this.timeProvider, this.logger);
        lane = NonceLanes.Acquire(chainId, account);
    }

    /// <summary>The account.</summary>
    public EthereumAddress Address => account;

    /// <summary>Sends a transaction and waits until it is confirmed.</summary>
    /// <param name="draft">What it is to do.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <exception cref="EthereumTransactionException">It was not sent, did not do what it should, or (<see cref="EthereumTransactionError.OutcomeUnknown"/>) was sent and could not be followed.</exception>
    /// <exception cref="EthereumRpcException">The node failed; nothing was sent.</exception>
    public async ValueTask<TransactionReceipt> ExecuteAsync(TransactionDraft draft, CancellationToken cancellationToken = default)
    {
        SentTransaction sent = await SendAsync(draft, cancellationToken).ConfigureAwait(false);
        try
        {
            return await WaitAsync(sent, cancellationToken).ConfigureAwait(false);
        }
        catch (EthereumRpcException failure)
        {
            // Whoever is told only that the node failed would send it once more.
            throw new EthereumTransactionException(EthereumTransactionError.OutcomeUnknown, $"The transaction {sent.Hash} was sent; what became of it is not known: {failure.Message}", failure) { Transaction = sent };
        }
    }

    /// <summary>Sends a transaction; when this returns, the node has it.</summary>
    /// <param name="draft">What it is to do.</param>
    /// <param name="cancellationToken">Gives up before anything is sent, and not after.</param>
    /// <exception cref="EthereumTransactionException">It was not sent, or (<see cref="EthereumTransactionError.OutcomeUnknown"/>) may have been.</exception>
    /// <exception cref="EthereumRpcException">The node failed; nothing was sent.</exception>
    public async ValueTask<SentTransaction> SendAsync(TransactionDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Value > options.MaxValue)
        {
            throw new EthereumTransactionException(EthereumTransactionError.ValueTooHigh, $"The transaction sends {draft.Value} wei along; the caller allows {options.MaxValue}.");
        }

        ulong gas = await pricing.EstimateGasAsync(draft, cancellationToken).ConfigureAwait(false);
        TransactionFees fees = await pricing.SuggestAsync(cancellationToken).ConfigureAwait(false);
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CheckChainAsync(cancellationToken).ConfigureAwait(false);
            await SettleAsync(cancellationToken).ConfigureAwait(false);
            ulong nonce = await NextNonceAsync(cancellationToken).ConfigureAwait(false);
            for (int attempt = 1; ; attempt++)
            {
                SentTransaction sent = new(draft, nonce, gas, await SignAsync(draft, nonce, gas, fees, cancellationToken).ConfigureAwait(false));
                (BroadcastResult result, EthereumRpcException? failure) = await SendFirstAsync(sent).ConfigureAwait(false);
                if (result == BroadcastResult.Accepted)
                {
                    return sent;
                }

                // These bytes were never at the node, so signing others in their place doubles nothing.
                if (result != BroadcastResult.NonceTaken || attempt >= MaxNonceAttempts)
                {
                    throw Failed(result, sent, failure);
                }

                ulong count = await client.GetTransactionCountAsync(Address, withPending: true, cancellationToken).ConfigureAwait(false);
                nonce = Math.Max(count, nonce + 1);
            }
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    /// <summary>Replaces a transaction by one that does the same and pays an eighth more, within the caller's bound. Whichever is in a block first counts.</summary>
    /// <param name="sent">The transaction.</param>
    /// <param name="cancellationToken">Gives up before anything is sent, and not after.</param>
    /// <exception cref="EthereumTransactionException">The fee is too high, or the node refuses the replacement; the transaction itself stands.</exception>
    /// <exception cref="EthereumRpcException">The node failed; nothing was sent.</exception>
    public async ValueTask ReplaceAsync(SentTransaction sent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sent);
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            TransactionFees fees = await pricing.RaiseAsync(sent.Versions[^1].Fees, cancellationToken).ConfigureAwait(false);
            SentVersion version = await SignAsync(sent.Draft, sent.Nonce, sent.Gas, fees, cancellationToken).ConfigureAwait(false);
            sent.Add(version);
            (BroadcastResult result, EthereumRpcException? failure) = await broadcaster.SendAsync(version, wasSent: false).ConfigureAwait(false);
            if (result is BroadcastResult.Rejected or BroadcastResult.NonceTaken)
            {
                sent.Remove(version);
                throw Failed(BroadcastResult.Rejected, sent, failure);
            }

            Log.Replaced(logger, sent.Nonce, version.Hash, result);
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    /// <summary>
    /// Waits until a transaction is confirmed. One that the node forgets is sent again, and so is one before it that holds it up; a
    /// receipt that a reorganisation takes away does not count.
    /// </summary>
    /// <param name="sent">The transaction.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EthereumTransactionException">It reverted, was replaced by a foreign one, or was not confirmed in time.</exception>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<TransactionReceipt> WaitAsync(SentTransaction sent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sent);
        TransactionReceipt receipt = await new ReceiptWait(client, broadcaster, lane, Address, sent, options, timeProvider, logger).RunAsync(cancellationToken).ConfigureAwait(false);
        if (receipt.IsSuccess)
        {
            return receipt;
        }

        EthereumRpcException? replayed = await pricing.ReplayAsync(sent, receipt, cancellationToken).ConfigureAwait(false);
        throw new EthereumTransactionException(EthereumTransactionError.Reverted, $"The transaction {receipt.TransactionHash} failed: {(replayed is null ? "called again it does not, so the reason is not known" : TransactionPricing.Reason(replayed))}", replayed)
        {
            Transaction = sent,
            Receipt = receipt,
            RevertData = replayed?.ErrorData ?? default,
        };
    }

    /// <summary>Ends the sender; nothing may be under way.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            NonceLanes.Release(chainId, account, lane);
        }
    }

    private static EthereumTransactionException Failed(BroadcastResult result, SentTransaction sent, EthereumRpcException? failure) => result == BroadcastResult.Unknown
        ? new(EthereumTransactionError.OutcomeUnknown, $"It is not known whether the node has the transaction {sent.Hash}: {failure?.Message}", failure) { Transaction = sent }
        : new(EthereumTransactionError.Rejected, $"The node refused the transaction: {failure?.Message}", failure);

    private async ValueTask CheckChainAsync(CancellationToken cancellationToken)
    {
        if (!isChecked)
        {
            await client.CheckAsync(chainId, [], cancellationToken).ConfigureAwait(false);
            isChecked = true;
        }
    }

    private async ValueTask<(BroadcastResult Result, EthereumRpcException? Failure)> SendFirstAsync(SentTransaction sent)
    {
        lane.Unsettled = sent;
        (BroadcastResult result, EthereumRpcException? failure) = await broadcaster.SendAsync(sent.Versions[0], wasSent: false).ConfigureAwait(false);
        Settle(sent, result);
        Log.Broadcast(logger, sent.Nonce, sent.Hash, result);
        return (result, failure);
    }

    private async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        if (lane.Unsettled is not { } unsettled)
        {
            return;
        }

        (BroadcastResult result, EthereumRpcException? failure) = await broadcaster.SendAsync(unsettled.Versions[0], wasSent: true).ConfigureAwait(false);
        Settle(unsettled, result);
        Log.Settled(logger, unsettled.Nonce, unsettled.Hash, result);
        if (result != BroadcastResult.Unknown)
        {
            return;
        }

        // Once its nonce is used up in a block it is there or never will be: whoever waits for it finds out, and nobody else need wait.
        ulong count = await client.GetTransactionCountAsync(Address, withPending: false, cancellationToken).ConfigureAwait(false);
        if (count <= unsettled.Nonce)
        {
            throw Failed(result, unsettled, failure);
        }

        lane.Unsettled = null;
    }

    private void Settle(SentTransaction sent, BroadcastResult result)
    {
        if (result == BroadcastResult.Unknown)
        {
            return;
        }

        lane.Unsettled = null;
        if (result == BroadcastResult.Accepted)
        {
            lane.Add(sent, options.MaxInFlight);
        }
    }

    private async ValueTask<ulong> NextNonceAsync(CancellationToken cancellationToken)
    {
        if (lane.InFlight >= options.MaxInFlight)
        {
            lane.ConfirmBelow(await client.GetTransactionCountAsync(Address, withPending: false, cancellationToken).ConfigureAwait(false));
        }

        int inFlight = lane.InFlight;
        if (inFlight >= options.MaxInFlight)
        {
            throw new EthereumTransactionException(EthereumTransactionError.Busy, $"{inFlight} transactions are sent and not confirmed.");
        }

        if (inFlight > 0 && lane.Next is { } following)
        {
            return following;
        }

        // Nothing is under way, so the node's word counts, unless it has lost what was confirmed: that is sent again first.
        ulong count = await client.GetTransactionCountAsync(Address, withPending: true, cancellationToken).ConfigureAwait(false);
        for (ulong lost = count; lost < lane.Next; lost++)
        {
            if (lane.Find(lost) is not { } transaction || (await broadcaster.SendAsync(transaction.Versions[^1], wasSent: true).ConfigureAwait(false)).Result != BroadcastResult.Accepted)
            {
                return lost;
            }

            Log.SentAgain(logger, transaction.Nonce, transaction.Hash);
        }

        return Math.Max(count, lane.Next ?? 0);
    }

    private async ValueTask<SentVersion> SignAsync(TransactionDraft draft, ulong nonce, ulong gas, TransactionFees fees, CancellationToken cancellationToken)
    {
        Eip1559Transaction transaction = new()
        {
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = fees.MaxTip,
            MaxFeePerGas = fees.MaxFee,
            GasLimit = gas,
            To = draft.To,
            Value = draft.Value,
            Data = draft.Data,
        };
        try
        {
            SignedTransaction signed = await transaction.SignAsync(signer, cancellationToken).ConfigureAwait(false);
            return new SentVersion(signed.Raw, EthereumHash.FromBytes(signed.Hash.Span), fees);
        }
        catch (CryptographicException exception)
        {
            throw new EthereumTransactionException(EthereumTransactionError.SignerMismatch, $"The signer did not sign for {Address}.", exception);
        }
    }
}
