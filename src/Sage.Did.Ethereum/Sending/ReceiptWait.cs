using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>One wait for the confirmations of one transaction.</summary>
internal sealed class ReceiptWait(
    EthereumClient client,
    Broadcaster broadcaster,
    NonceLane lane,
    EthereumAddress sender,
    SentTransaction sent,
    TransactionSenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    // A node may count a transaction a moment before it gives its receipt.
    private const int MaxTimesOvertaken = 4;

    private EthereumHash? seenIn;
    private int overtaken;

    public async ValueTask<TransactionReceipt> RunAsync(CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        while (true)
        {
            TransactionReceipt? receipt = await FindReceiptAsync(cancellationToken).ConfigureAwait(false);
            if (seenIn is { } before && receipt?.BlockHash != before)
            {
                Log.ReceiptVanished(logger, sent.Nonce, sent.Hash, before);
            }

            seenIn = receipt?.BlockHash;
            if (receipt is not null)
            {
                overtaken = 0;
                if (await IsConfirmedAsync(receipt, cancellationToken).ConfigureAwait(false))
                {
                    await FinishAsync(cancellationToken).ConfigureAwait(false);
                    return receipt;
                }
            }
            else
            {
                await ReviveAsync(cancellationToken).ConfigureAwait(false);
            }

            if (timeProvider.GetElapsedTime(start) >= options.ReceiptTimeout)
            {
                throw new EthereumTransactionException(EthereumTransactionError.TimedOut, $"The transaction {sent.Hash} was not confirmed in time.") { Transaction = sent };
            }

            await Task.Delay(options.PollInterval, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<TransactionReceipt?> FindReceiptAsync(CancellationToken cancellationToken)
    {
        foreach (SentVersion version in sent.Versions.Reverse())
        {
            EthereumRpcRequest request = new("eth_getTransactionReceipt", writer => writer.WriteStringValue(version.Hash.ToString()));
            JsonElement found = await client.Rpc.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (found.ValueKind != JsonValueKind.Null)
            {
                return TransactionReceipt.TryRead(found) is { } receipt && receipt.TransactionHash == version.Hash ? receipt : throw EthereumClient.Invalid(request.Method);
            }
        }

        return null;
    }

    // That the block is the one with its number matters: a node may remember receipts of a branch that was left.
    private async ValueTask<bool> IsConfirmedAsync(TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        if (options.Confirmations > 1)
        {
            BlockHeader head = await client.GetBlockAsync(BlockTag.Latest, cancellationToken).ConfigureAwait(false);
            if (head.Number + 1 < receipt.BlockNumber + (ulong)options.Confirmations)
            {
                return false;
            }
        }

        BlockHeader? block = await client.FindBlockAsync(receipt.BlockNumber, cancellationToken).ConfigureAwait(false);
        return block?.Hash == receipt.BlockHash;
    }

    private async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            sent.IsDone = true;
            if (lane.Unsettled == sent)
            {
                lane.Unsettled = null;
                lane.Add(sent, options.MaxInFlight);
            }
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    private async ValueTask ReviveAsync(CancellationToken cancellationToken)
    {
        ulong count = await client.GetTransactionCountAsync(sender, withPending: false, cancellationToken).ConfigureAwait(false);
        if (count > sent.Nonce)
        {
            if (++overtaken >= MaxTimesOvertaken)
            {
                throw new EthereumTransactionException(EthereumTransactionError.Replaced, $"Another transaction took the place of {sent.Hash} at nonce {sent.Nonce}.") { Transaction = sent };
            }

            return;
        }

        overtaken = 0;
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The one the chain waits for holds up all that follow, whether or not anybody waits for it here.
            if (count < sent.Nonce && lane.Find(count) is { } first)
            {
                await SendIfForgottenAsync(first, cancellationToken).ConfigureAwait(false);
            }

            await SendIfForgottenAsync(sent, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    private async ValueTask SendIfForgottenAsync(SentTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (SentVersion version in transaction.Versions)
        {
            if (await broadcaster.IsKnownAsync(version.Hash, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        (BroadcastResult result, _) = await broadcaster.SendAsync(transaction.Versions[^1], wasSent: true).ConfigureAwait(false);
        Log.SentAgain(logger, transaction.Nonce, transaction.Hash);
        if (result == BroadcastResult.Accepted && lane.Unsettled == transaction)
        {
            lane.Unsettled = null;
            lane.Add(transaction, options.MaxInFlight);
        }
    }
}
