using StackExchange.Redis;

namespace Sage.Redis.Internal;

/// <summary>What a failure is called in metrics, and what the caller sees of it.</summary>
internal static class RedisFailure
{
    public static bool IsOutOfMemory(RedisServerException exception) => exception.Message.StartsWith("OOM ", StringComparison.Ordinal);

    public static string ErrorType(Exception exception) => exception switch
    {
        OperationCanceledException => "cancelled",
        TimeoutException => "timeout",
        RedisServerException => "server_error",
        RedisException or IOException => "unreachable",
        RedisEvictionException => "eviction",
        _ => "_OTHER",
    };

    /// <summary>An exception of the client as one that callers know without it; null for any other.</summary>
    public static IOException? Wrap(Exception exception) => exception switch
    {
        TimeoutException => new IOException("Redis did not answer in time. Whether the nonce is used up is not known.", exception),
        RedisServerException => new IOException("Redis answered with an error.", exception),
        RedisException => new IOException("Redis cannot be reached.", exception),
        _ => null,
    };
}
