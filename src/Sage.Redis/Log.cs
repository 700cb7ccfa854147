using Microsoft.Extensions.Logging;

namespace Sage.Redis;

/// <summary>The log of this package: event ids 8000 to 8199. Never a connection string, a scope or a nonce.</summary>
internal static partial class Log
{
    [LoggerMessage(8000, LogLevel.Error, "Redis may forget nonces before their time: maxmemory-policy is {Policy}, and must be noeviction. Everything is refused until that is changed")]
    public static partial void EvictionRefused(ILogger logger, string policy);

    [LoggerMessage(8001, LogLevel.Warning, "Redis may forget nonces before their time: maxmemory-policy is {Policy}. AllowEviction accepts that messages can be replayed")]
    public static partial void EvictionAllowed(ILogger logger, string policy);

    [LoggerMessage(8002, LogLevel.Error, "Redis does not say its maxmemory-policy (INFO memory). Make sure that it is noeviction: otherwise messages can be replayed")]
    public static partial void EvictionUnknown(ILogger logger);

    [LoggerMessage(8003, LogLevel.Information, "Redis forgets no nonce before its time: maxmemory-policy is noeviction")]
    public static partial void EvictionOff(ILogger logger);

    [LoggerMessage(8010, LogLevel.Warning, "A connection to Redis was lost or could not be made ({Failure}). Without one every nonce is refused")]
    public static partial void ConnectionFailed(ILogger logger, string failure);

    [LoggerMessage(8011, LogLevel.Information, "A connection to Redis is there again")]
    public static partial void ConnectionRestored(ILogger logger);

    [LoggerMessage(8020, LogLevel.Warning, "Redis is out of memory: new nonces are refused. Raise maxmemory, or lower Capacity to what fits")]
    public static partial void OutOfMemory(ILogger logger);
}
