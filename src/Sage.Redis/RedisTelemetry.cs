namespace Sage.Redis;

/// <summary>The names of what this package measures (<c>docs/telemetry.md</c>). No instrument carries a scope, a nonce, a key or a server's name.</summary>
public static class RedisTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.Redis";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sage.Redis";

    /// <summary>Histogram, seconds: how long it took to consume a nonce.</summary>
    public const string ConsumeDuration = "sage.redis.nonce.consume.duration";

    /// <summary>Attribute, when the server answered: <c>accepted</c>, <c>replayed</c> or <c>full</c>.</summary>
    public const string ResultAttribute = "sage.nonce.result";

    /// <summary>Attribute, on failure only: <c>timeout</c>, <c>unreachable</c>, <c>server_error</c>, <c>eviction</c>, <c>cancelled</c> or <c>_OTHER</c>.</summary>
    public const string ErrorTypeAttribute = "error.type";
}
