using System.Globalization;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests;

/// <summary>A node that is asked through this may be down, may leave logs out or change them, and its questions are counted.</summary>
internal sealed class LogTamperer(IEthereumRpc inner) : IEthereumRpc
{
    /// <summary>What becomes of a log; null leaves it out.</summary>
    public Func<JsonElement, string?>? Tamper { get; set; }

    public bool IsDown { get; set; }

    public int Requests { get; private set; }

    /// <summary>The first blocks of the ranges whose logs were asked for.</summary>
    public List<ulong> FromBlocks { get; } = [];

    public async ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default)
    {
        Requests++;
        if (IsDown)
        {
            throw new EthereumRpcException(EthereumRpcError.Unreachable, "The node is down.");
        }

        JsonElement result = await inner.SendAsync(request, cancellationToken);
        if (request.Method != "eth_getLogs")
        {
            return result;
        }

        using JsonDocument asked = JsonDocument.Parse(request.Parameters);
        FromBlocks.Add(ulong.Parse(asked.RootElement[0].GetProperty("fromBlock").GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (Tamper is not { } tamper)
        {
            return result;
        }

        using JsonDocument changed = JsonDocument.Parse($"[{string.Join(',', result.EnumerateArray().Select(tamper).OfType<string>())}]");
        return changed.RootElement.Clone();
    }
}
