using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>
/// The events after which an agent may resolve otherwise than before. Only the topic with the agent is read, so that no odd data keeps an
/// answer in the cache.
/// </summary>
internal static class WatchedEvents
{
    private static readonly EthereumHash Transfer = Topic("Transfer(address,address,uint256)");

    private static readonly EthereumHash[] All =
    [
        Transfer,
        Topic("KeyAdded(uint256,bytes32,uint8,uint8,bool,uint256,bytes,bytes,uint64)"),
        Topic("KeyRevoked(uint256,bytes32,uint64)"),
        Topic("EpochStarted(uint256,address,uint32,uint64)"),
        Topic("ActiveSet(uint256,bool,uint64)"),
    ];

    public static LogFilter Filter(EthereumDeployment deployment) => new([deployment.IdentityRegistry, deployment.KeyRegistry], [All]);

    /// <summary>The agent of a log that the filter lets through, or null if it is none that the contracts write.</summary>
    public static UInt256? AgentOf(EthereumLog log, EthereumDeployment deployment)
    {
        bool isTransfer = log.Topics[0] == Transfer;
        int place = isTransfer ? 3 : 1;
        return log.Topics.Count > place && log.Address == (isTransfer ? deployment.IdentityRegistry : deployment.KeyRegistry)
            ? UInt256.FromBigEndian(log.Topics[place].ToArray())
            : null;
    }

    private static EthereumHash Topic(string signature) => EthereumHash.FromBytes(AbiSignature.Parse(signature).Hash.Span);
}
