using System.Text.Json;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>What a transaction will cost: gas by the node's estimate, fees by the blocks of late, both within the caller's bounds.</summary>
internal sealed class TransactionPricing(EthereumClient client, EthereumAddress sender, TransactionSenderOptions options)
{
    private const int Blocks = 10;

    private static readonly AbiErrors Errors = new();

    // eth_estimateGas and eth_call: "execution reverted".
    private const int Reverted = 3;

    public async ValueTask<ulong> EstimateGasAsync(TransactionDraft draft, CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new("eth_estimateGas", writer => WriteCall(writer, sender, draft, gas: null));
        ulong estimate;
        try
        {
            estimate = EthereumClient.ReadQuantity(request.Method, await client.Rpc.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (EthereumRpcException exception) when (IsRevert(exception))
        {
            throw new EthereumTransactionException(EthereumTransactionError.WouldRevert, $"The transaction would fail: {Reason(exception)}", exception) { RevertData = exception.ErrorData };
        }

        ulong gas = estimate <= options.MaxGas ? estimate + (estimate * (ulong)options.GasMargin / 100) : estimate;
        return gas <= options.MaxGas
            ? gas
            : throw new EthereumTransactionException(EthereumTransactionError.GasTooHigh, $"The transaction needs {gas} gas, more than the {options.MaxGas} allowed.");
    }

    /// <summary>Twice the base fee, so that six full blocks do not price the transaction out, and the tip that others paid.</summary>
    public async ValueTask<TransactionFees> SuggestAsync(CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new("eth_feeHistory", writer =>
        {
            writer.WriteStringValue(RpcHex.Quantity(Blocks));
            writer.WriteStringValue("latest"u8);
            writer.WriteStartArray();
            writer.WriteNumberValue(options.TipPercentile);
            writer.WriteEndArray();
        });
        JsonElement history = await client.Rpc.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!TryReadBaseFee(history, out UInt256 baseFee) || !TryReadTip(history, out UInt256 paid))
        {
            throw EthereumClient.Invalid(request.Method);
        }

        UInt256 tip = paid > options.MinTipPerGas ? paid : options.MinTipPerGas;
        tip = tip > options.MaxTipPerGas ? options.MaxTipPerGas.Value : tip;
        if (baseFee > options.MaxFeePerGas || tip > options.MaxFeePerGas - baseFee)
        {
            throw TooHigh($"The network asks for {baseFee} wei and {tip} wei of tip per unit of gas");
        }

        UInt256 room = options.MaxFeePerGas - baseFee - tip;
        return new TransactionFees(baseFee + tip + (room < baseFee ? room : baseFee), tip);
    }

    /// <summary>The fees for a replacement: those of now, but an eighth more than before at least.</summary>
    public async ValueTask<TransactionFees> RaiseAsync(TransactionFees before, CancellationToken cancellationToken)
    {
        TransactionFees now = await SuggestAsync(cancellationToken).ConfigureAwait(false);
        TransactionFees raised = before.Raise();
        TransactionFees fees = new(raised.MaxFee > now.MaxFee ? raised.MaxFee : now.MaxFee, raised.MaxTip > now.MaxTip ? raised.MaxTip : now.MaxTip);
        if (fees.MaxTip > options.MaxTipPerGas)
        {
            throw new EthereumTransactionException(
                EthereumTransactionError.FeeTooHigh, $"A replacement costs {fees.MaxTip} wei of tip per unit of gas; the caller allows {options.MaxTipPerGas}.");
        }

        return fees.MaxFee <= options.MaxFeePerGas ? fees : throw TooHigh($"A replacement costs {fees.MaxFee} wei per unit of gas");
    }

    /// <summary>What the contract says when a transaction that reverted is called again in the state after its block; null when it does not revert there.</summary>
    public async ValueTask<EthereumRpcException?> ReplayAsync(SentTransaction sent, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new("eth_call", writer =>
        {
            WriteCall(writer, sender, sent.Draft, sent.Gas);
            EthereumClient.WriteBlock(writer, receipt.BlockHash);
        });
        try
        {
            await client.Rpc.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (EthereumRpcException exception) when (exception.Error == EthereumRpcError.Node)
        {
            return exception;
        }
    }

    /// <summary>What a contract said, in words; those of the node when there are no data. Errors that a contract declares are told by their selector.</summary>
    public static string Reason(EthereumRpcException exception) => exception.ErrorData.IsEmpty ? exception.NodeMessage : Errors.Read(exception.ErrorData.Span).Message;

    private static bool IsRevert(EthereumRpcException exception) => exception.Error == EthereumRpcError.Node
        && (exception.Code == Reverted || !exception.ErrorData.IsEmpty || exception.NodeMessage.Contains("revert", StringComparison.OrdinalIgnoreCase));

    private static void WriteCall(Utf8JsonWriter writer, EthereumAddress sender, TransactionDraft draft, ulong? gas)
    {
        writer.WriteStartObject();
        writer.WriteString("from"u8, sender.ToLowerHex());
        if (draft.To is { } to)
        {
            writer.WriteString("to"u8, to.ToLowerHex());
        }

        writer.WriteString("input"u8, RpcHex.Data(draft.Data.Span));
        writer.WriteString("value"u8, draft.Value.ToQuantity());
        if (gas is { } limit)
        {
            writer.WriteString("gas"u8, RpcHex.Quantity(limit));
        }

        writer.WriteEndObject();
    }

    // One more than there are blocks: the last is the next block's.
    private static bool TryReadBaseFee(JsonElement history, out UInt256 fee)
    {
        fee = default;
        return history.ValueKind == JsonValueKind.Object
            && history.TryGetProperty("baseFeePerGas", out JsonElement fees)
            && fees.ValueKind == JsonValueKind.Array
            && fees.GetArrayLength() is > 0 and <= 1_025
            && fees[fees.GetArrayLength() - 1] is { ValueKind: JsonValueKind.String } last
            && UInt256.TryParseQuantity(last.GetString(), out fee);
    }

    // The median over the blocks; one that somebody stuffed does not move it.
    private static bool TryReadTip(JsonElement history, out UInt256 tip)
    {
        tip = default;
        if (!history.TryGetProperty("reward", out JsonElement rewards) || rewards.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        List<UInt256> tips = [];
        if (rewards.ValueKind != JsonValueKind.Array || rewards.GetArrayLength() > 1_024)
        {
            return false;
        }

        foreach (JsonElement block in rewards.EnumerateArray())
        {
            if (block.ValueKind != JsonValueKind.Array || block.GetArrayLength() != 1 || block[0].ValueKind != JsonValueKind.String || !UInt256.TryParseQuantity(block[0].GetString(), out UInt256 paid))
            {
                return false;
            }

            tips.Add(paid);
        }

        tips.Sort();
        tip = tips.Count > 0 ? tips[tips.Count / 2] : default;
        return true;
    }

    private EthereumTransactionException TooHigh(string what) => new(EthereumTransactionError.FeeTooHigh, $"{what}; the caller allows {options.MaxFeePerGas} wei.");
}
