using System.Text.Json;

namespace Sage.Did.Ethereum.Tests;

/// <summary>Something between a client and a node: sees every request and may answer, refuse, or let it pass.</summary>
internal sealed class RpcDecorator(IEthereumRpc inner, Func<EthereumRpcRequest, IEthereumRpc, CancellationToken, ValueTask<JsonElement>> handle) : IEthereumRpc
{
    public ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default) => handle(request, inner, cancellationToken);
}
