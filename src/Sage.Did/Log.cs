using Microsoft.Extensions.Logging;

namespace Sage.Did;

/// <summary>What this package logs: event ids from 1000. DIDs and paths, never keys.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Registry file '{Path}' read: {Count} DIDs.")]
    public static partial void RegistryRead(ILogger logger, string path, int count);

    [LoggerMessage(1001, LogLevel.Error, "Registry file '{Path}' is malformed; nothing in it is trusted.")]
    public static partial void RegistryMalformed(ILogger logger, string path);

    [LoggerMessage(1002, LogLevel.Information, "Write of version {Version} of {Did} to registry file '{Path}': {Result}.")]
    public static partial void RegistryWrite(ILogger logger, string path, AgentDid did, long version, RegistryWriteResult result);

    [LoggerMessage(1003, LogLevel.Warning, "The record of {Did} from '{Source}' is malformed, ambiguous or carries a false owner's proof.")]
    public static partial void RecordInvalid(ILogger logger, AgentDid did, string source);

    [LoggerMessage(1004, LogLevel.Warning, "The source '{Source}' is behind what was seen of {Did} before; its answer is not used.")]
    public static partial void SourceBehind(ILogger logger, AgentDid did, string source);

    [LoggerMessage(1005, LogLevel.Error, "A listener failed to take note that {Did} may have changed.")]
    public static partial void ChangeListenerFailed(ILogger logger, AgentDid did, Exception exception);
}
