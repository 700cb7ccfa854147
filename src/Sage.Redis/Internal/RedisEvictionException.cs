namespace Sage.Redis.Internal;

/// <summary>The server forgets keys when memory is short, and the options do not allow that.</summary>
internal sealed class RedisEvictionException(string policy) : InvalidOperationException(
    $"Redis may forget nonces before their time: its maxmemory-policy is {policy}. Set it to noeviction, or set AllowEviction and accept replays.");
