namespace Sage.Did.Ethereum;

/// <summary>Why a node gave no result.</summary>
public enum EthereumRpcError
{
    /// <summary>The node answered with a JSON-RPC error object: see <see cref="EthereumRpcException.Code"/>.</summary>
    Node,

    /// <summary>The node could not be reached, or broke off its answer.</summary>
    Unreachable,

    /// <summary>The node did not answer in time.</summary>
    Timeout,

    /// <summary>The HTTP status was not 200 (a redirect included: none is followed), and the body no JSON-RPC error.</summary>
    Status,

    /// <summary>The answer was larger than is read.</summary>
    TooLarge,

    /// <summary>The answer was not JSON-RPC, was for another request, or its result was not what the method gives.</summary>
    InvalidResponse,

    /// <summary>The node serves another chain than the one expected.</summary>
    WrongChain,

    /// <summary>There is no code at the address where a contract is expected.</summary>
    NoContract,

    /// <summary>The head of the chain is older than is accepted: the node is stuck, not synchronised, or holds blocks back.</summary>
    StaleHead,

    /// <summary>The node does not know the block asked for.</summary>
    UnknownBlock,

    /// <summary>The chain was reorganised during the reading, more often or more deeply than is followed.</summary>
    Reorganized,
}
