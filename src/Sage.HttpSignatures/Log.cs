using Microsoft.Extensions.Logging;

namespace Sage.HttpSignatures;

/// <summary>The log of this package: event ids 4000 to 4999. URLs of strangers are at most 2048 characters long and stand at Debug only.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Debug, "Asked for the key directory {Url}: {Status}, {Count} keys")]
    public static partial void DirectoryFetched(ILogger logger, string url, KeyDirectoryStatus status, int count);

    [LoggerMessage(4001, LogLevel.Debug, "No document from {Url}: {Status}, {Reason}")]
    public static partial void DocumentFailed(ILogger logger, Uri url, KeyDirectoryStatus status, string reason);

    [LoggerMessage(4002, LogLevel.Debug, "No room for another fetch of a key directory; {Count} are under way")]
    public static partial void Busy(ILogger logger, int count);

    [LoggerMessage(4100, LogLevel.Information, "Refused a {Message} under the policy {Policy}: {Error} ({Detail})")]
    public static partial void Refused(ILogger logger, string message, string policy, SignatureError error, string? detail);

    [LoggerMessage(4101, LogLevel.Error, "The source of keys failed")]
    public static partial void KeySourceFailed(ILogger logger, Exception exception);

    [LoggerMessage(4102, LogLevel.Error, "The store of nonces failed")]
    public static partial void NonceStoreFailed(ILogger logger, Exception exception);
}
