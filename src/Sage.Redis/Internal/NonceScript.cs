namespace Sage.Redis.Internal;

/// <summary>What the server does for one nonce, in one atomic step.</summary>
/// <remarks>
/// A nonce is a key of its own that expires by itself. How many a scope, and all scopes together, have alive is counted in a hash: a
/// field per interval in which nonces expire, and their sum in <c>n</c>. Intervals that are over are taken off when the sum reaches
/// the limit or when there are many of them. All counting is by the server's clock, so that a node with a wrong one takes no
/// other's share.
/// </remarks>
internal static class NonceScript
{
    public const int Accepted = 0;
    public const int Replayed = 1;
    public const int Full = 2;

    /// <summary>Keys: the nonce, the counts of its scope, the counts of all. Arguments: its life and the interval in milliseconds, the limits of the scope and of all.</summary>
    public const string Text = """
        if redis.call('EXISTS', KEYS[1]) == 1 then
          return 1
        end
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function settle(key)
          local counts = redis.call('HGETALL', key)
          local over = 0
          for i = 1, #counts, 2 do
            local ends = tonumber(counts[i])
            if ends and ends <= now then
              over = over + counts[i + 1]
              redis.call('HDEL', key, counts[i])
            end
          end
          if over > 0 then
            redis.call('HINCRBY', key, 'n', -over)
          end
          return over
        end
        for i = 2, 3 do
          local limit = tonumber(ARGV[i + 1])
          local live = tonumber(redis.call('HGET', KEYS[i], 'n') or 0)
          if live >= limit and live - settle(KEYS[i]) >= limit then
            return 2
          end
        end
        local life = tonumber(ARGV[1])
        local interval = tonumber(ARGV[2])
        if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then
          return 1
        end
        local ends = (math.floor((now + life) / interval) + 1) * interval
        for i = 2, 3 do
          redis.call('HINCRBY', KEYS[i], 'n', 1)
          if redis.call('HINCRBY', KEYS[i], ends, 1) == 1 then
            if redis.call('PTTL', KEYS[i]) < ends - now then
              redis.call('PEXPIRE', KEYS[i], ends - now)
            end
            if redis.call('HLEN', KEYS[i]) > 128 then
              settle(KEYS[i])
            end
          end
        end
        return 0
        """;

    // At least a 32nd of the life and less than a 16th: a scope whose nonces live equally long has at most 33 fields.
    private const int IntervalsPerLife = 32;
    private const ulong ShortestInterval = 256;

    /// <summary>The width in milliseconds of the intervals in which nonces of this life are counted, a power of two.</summary>
    public static long Interval(long life) =>
        (long)System.Numerics.BitOperations.RoundUpToPowerOf2(Math.Max(ShortestInterval, ((ulong)life + IntervalsPerLife - 1) / IntervalsPerLife));
}
