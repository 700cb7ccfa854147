using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>Hands signed bytes to the node: the same bytes on every attempt, until it is known whether the node has them or the attempts are used up.</summary>
internal sealed class Broadcaster(EthereumClient client, int maxAttempts, TimeSpan pause, TimeProvider timeProvider, ILogger logger)
{
    // Codes of nodes and providers for "too many requests" and "something went wrong here": nothing is said about the transaction.
    private const int InternalError = -32603;
    private const int LimitExceeded = -32005;
    private const int TooManyRequests = 429;

    /// <summary>Sends bytes. Is not cancelled: what was sent cannot be called back, so the answer is waited for.</summary>
    /// <param name="version">The bytes.</param>
    /// <param name="wasSent">Whether they may have reached the node before.</param>
    /// <returns>What became of them, and the last failure.</returns>
    public async ValueTask<(BroadcastResult Result, EthereumRpcException? Failure)> SendAsync(SentVersion version, bool wasSent)
    {
        EthereumRpcRequest request = new("eth_sendRawTransaction", writer => writer.WriteStringValue(RpcHex.Data(version.Bytes.Span)));
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                JsonElement answer = await client.Rpc.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
                if (answer.ValueKind == JsonValueKind.String && EthereumHash.TryParse(answer.GetString(), out EthereumHash hash) && hash == version.Hash)
                {
                    return (BroadcastResult.Accepted, null);
                }

                return (BroadcastResult.Unknown, EthereumClient.Invalid(request.Method));
            }
            catch (EthereumRpcException failure)
            {
                if (IsRefusal(failure))
                {
                    return (await JudgeAsync(version, failure, wasSent).ConfigureAwait(false), failure);
                }

                wasSent = true;
                Log.BroadcastUncertain(logger, version.Hash, failure.Error, failure.Code, attempt, maxAttempts);
                if (attempt >= maxAttempts)
                {
                    return (BroadcastResult.Unknown, failure);
                }

                await Task.Delay(pause * attempt, timeProvider).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the node has a transaction, in its pool or in a block.</summary>
    public async ValueTask<bool> IsKnownAsync(EthereumHash hash, CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new("eth_getTransactionByHash", writer => writer.WriteStringValue(hash.ToString()));
        JsonElement found = await client.Rpc.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return found.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.Object when RpcHex.TryReadText(found, "hash", out string? text) && EthereumHash.TryParse(text, out EthereumHash named) && named == hash => true,
            _ => throw EthereumClient.Invalid(request.Method),
        };
    }

    // A status that asks for no patience (401, 404, 413) comes from something before the node.
    private static bool IsRefusal(EthereumRpcException failure) => failure.Error switch
    {
        EthereumRpcError.Node => failure.Code is not (InternalError or LimitExceeded or TooManyRequests),
        EthereumRpcError.Status => !failure.IsTransient,
        _ => false,
    };

    // The texts of geth, Nethermind, Besu, Erigon and anvil; there are no codes.
    private static bool Says(EthereumRpcException failure, params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            if (failure.NodeMessage.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<BroadcastResult> JudgeAsync(SentVersion version, EthereumRpcException failure, bool wasSent)
    {
        if (Says(failure, "already known", "alreadyknown", "known transaction", "already imported", "already in"))
        {
            return BroadcastResult.Accepted;
        }

        bool isTaken = Says(failure, "nonce too low", "nonce_too_low", "oldnonce", "nonce is too low", "replacement transaction underpriced", "replacement_not_allowed", "replacementnotallowed", "underpriced replacement");
        if (!wasSent)
        {
            return isTaken ? BroadcastResult.NonceTaken : BroadcastResult.Rejected;
        }

        // The refusal may be the echo of an attempt that did arrive: a transaction in a block has used its own nonce and its own money.
        try
        {
            bool isKnown = await IsKnownAsync(version.Hash, CancellationToken.None).ConfigureAwait(false);
            return isKnown ? BroadcastResult.Accepted : isTaken ? BroadcastResult.Unknown : BroadcastResult.Rejected;
        }
        catch (EthereumRpcException unreachable)
        {
            Log.BroadcastUncertain(logger, version.Hash, unreachable.Error, unreachable.Code, maxAttempts, maxAttempts);
            return BroadcastResult.Unknown;
        }
    }
}
