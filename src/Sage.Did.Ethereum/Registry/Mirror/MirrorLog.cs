using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>The log of the mirror: event ids 7150 to 7199.</summary>
internal static partial class MirrorLog
{
    [LoggerMessage(7150, LogLevel.Information, "The mirror of {Deployment} has caught up at block {Block} with {Agents} agents")]
    public static partial void CaughtUp(ILogger logger, EthereumDeployment deployment, ulong block, int agents);

    [LoggerMessage(7151, LogLevel.Warning, "The mirror of {Deployment} cannot read the chain: {Reason}")]
    public static partial void PollFailed(ILogger logger, EthereumDeployment deployment, string reason);

    [LoggerMessage(7152, LogLevel.Error, "The mirror of {Deployment} is thrown away and read again from its first block: {Reason}")]
    public static partial void Rebuilding(ILogger logger, EthereumDeployment deployment, string reason);

    [LoggerMessage(7153, LogLevel.Error, "The mirror of {Deployment} refuses until the program is started again: {Reason}")]
    public static partial void Refused(ILogger logger, EthereumDeployment deployment, string reason);

    [LoggerMessage(7154, LogLevel.Information, "The mirror of {Deployment} goes on from its store, after block {Block} with {Agents} agents")]
    public static partial void Loaded(ILogger logger, EthereumDeployment deployment, ulong block, int agents);

    [LoggerMessage(7155, LogLevel.Warning, "The store of the mirror of {Deployment} failed ({Failure}); it is tried again with the next poll")]
    public static partial void StoreFailed(ILogger logger, EthereumDeployment deployment, string failure);

    [LoggerMessage(7156, LogLevel.Warning, "The store of the mirror of {Deployment} is cleared: {Reason}")]
    public static partial void StoreCleared(ILogger logger, EthereumDeployment deployment, string reason);
}
