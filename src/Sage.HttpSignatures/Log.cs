using Microsoft.Extensions.Logging;

namespace Sage.HttpSignatures;

/// <summary>The log of this package: event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4100, LogLevel.Information, "Refused a {Message} under the policy {Policy}: {Error} ({Detail})")]
    public static partial void Refused(ILogger logger, string message, string policy, SignatureError error, string? detail);

    [LoggerMessage(4101, LogLevel.Error, "The source of keys failed")]
    public static partial void KeySourceFailed(ILogger logger, Exception exception);

    [LoggerMessage(4102, LogLevel.Error, "The store of nonces failed")]
    public static partial void NonceStoreFailed(ILogger logger, Exception exception);
}
