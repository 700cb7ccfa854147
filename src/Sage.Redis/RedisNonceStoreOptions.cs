namespace Sage.Redis;

/// <summary>How a <see cref="RedisNonceStore"/> remembers. All nodes that share a server must set the same prefix, capacity and tolerance.</summary>
public sealed class RedisNonceStoreOptions
{
    private const int MaxPrefixLength = 64;

    /// <summary>What every key begins with; <c>sage:nonce:</c> by default, 1 to 64 printable ASCII characters without space and braces.</summary>
    public string KeyPrefix { get; set; } = "sage:nonce:";

    /// <summary>The greatest number of live nonces, 1,000,000 by default and at least 10; one scope has at most a tenth of it. A nonce takes about 150 bytes of the server's memory.</summary>
    public long Capacity { get; set; } = 1_000_000;

    /// <summary>
    /// How much longer than asked a nonce is remembered, because the clocks of the nodes differ: 30 s by default, between 2 s and
    /// 10 min. It must be more than any two clocks, that of the server included, can differ.
    /// </summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting, and each call, may take before it fails: 2 s by default, between 10 ms and 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a server is used whose <c>maxmemory-policy</c> lets it forget nonces before their time; not by default. Such a server
    /// lets messages be replayed when its memory is full.
    /// </summary>
    public bool AllowEviction { get; set; }

    internal RedisNonceStoreOptions Validated()
    {
        if (KeyPrefix is not { Length: > 0 and <= MaxPrefixLength } || KeyPrefix.AsSpan().ContainsAnyExceptInRange('!', '~') || KeyPrefix.AsSpan().ContainsAny('{', '}'))
        {
            throw new ArgumentException($"{nameof(KeyPrefix)} must be 1 to {MaxPrefixLength} printable ASCII characters without space and braces.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 10, nameof(Capacity));
        RequireBetween(ClockTolerance, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10), nameof(ClockTolerance));
        RequireBetween(Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(Timeout));
        return (RedisNonceStoreOptions)MemberwiseClone();
    }

    private static void RequireBetween(TimeSpan value, TimeSpan least, TimeSpan greatest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, greatest, name);
    }
}
