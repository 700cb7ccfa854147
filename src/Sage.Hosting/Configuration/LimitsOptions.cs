namespace Sage.Hosting;

/// <summary>What one caller, and all of them together, may take of this host.</summary>
internal sealed class LimitsOptions
{
    /// <summary>The largest request body, in bytes.</summary>
    [NumberRange(1024, 16 * 1024 * 1024)]
    public int MaxBodySize { get; set; } = 1024 * 1024;

    /// <summary>The largest request header, all fields together, in bytes.</summary>
    [NumberRange(4096, 1024 * 1024)]
    public int MaxHeadersSize { get; set; } = 32 * 1024;

    /// <summary>How many connections there may be at a time; more are closed at once.</summary>
    [NumberRange(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How many requests a second one remote address (an IPv6 /64 network) may make.</summary>
    [NumberRange(1, 1_000_000)]
    public int RequestsPerSecondPerAddress { get; set; } = 1_000;

    /// <summary>
    /// The addresses or networks (like 10.1.0.0/16) of the proxies in front: what they say in X-Forwarded-For and X-Forwarded-Proto is who
    /// the caller is. Nobody else is believed.
    /// </summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>How long the header of a request may take to arrive.</summary>
    [DurationRange("00:00:00.1", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take.</summary>
    [DurationRange("00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be idle.</summary>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a host that is told to stop goes on as before but for <c>/health/ready</c>, which says 503, so that a load balancer that
    /// asks it sends no more requests.
    /// </summary>
    [DurationRange("00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>How long requests under way may take to finish when the host stops.</summary>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
