using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>
/// Asks an Ethereum node over JSON-RPC 2.0. One request, one answer: whoever implements it may ask several nodes and decide
/// between their answers, and what is built on it does not notice. Must be safe from any thread.
/// </summary>
public interface IEthereumRpc
{
    /// <summary>Asks once, or more often where <see cref="EthereumRpcRequest.IsRepeatable"/> allows it.</summary>
    /// <param name="request">The method and its parameters.</param>
    /// <param name="cancellationToken">Gives up; what was sent may have been received all the same.</param>
    /// <returns>The member <c>result</c> of the answer, detached from any buffer; may be JSON's <c>null</c>.</returns>
    /// <exception cref="EthereumRpcException">The node answered with an error, with something that is no answer, or not at all.</exception>
    ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default);
}
