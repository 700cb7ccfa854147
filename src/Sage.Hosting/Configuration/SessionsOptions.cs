namespace Sage.Hosting;

/// <summary>Who may open sessions, and how many.</summary>
internal sealed class SessionsOptions
{
    /// <summary>The DIDs of the agents that may open sessions.</summary>
    public List<string> Accept { get; set; } = [];

    /// <summary>Whether any agent that proves its DID may open sessions, in place of a list.</summary>
    public bool AcceptAnyone { get; set; }

    public EndpointsOptions Endpoints { get; set; } = new();

    /// <summary>The greatest age of a resolution that is relied on; older means refused.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan MaxResolutionAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a handshake, or a request and its reply, may take where this agent is the client.</summary>
    [DurationRange("00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest session envelope that is read, in bytes.</summary>
    [NumberRange(1024, 16 * 1024 * 1024)]
    public int MaxBodySize { get; set; } = 1024 * 1024;

    /// <summary>The number of handshakes a second above which cookies are asked for although the feature RequireCookie is off.</summary>
    [NumberRange(0, 1_000_000)]
    public int CookieThreshold { get; set; } = 500;

    /// <summary>How many handshakes a second one remote address (an IPv6 /64 network) may begin.</summary>
    [NumberRange(1, 1_000_000)]
    public int HandshakesPerSecondPerAddress { get; set; } = 1000;

    /// <summary>How many handshakes a second one DID may complete.</summary>
    [NumberRange(1, 1_000_000)]
    public int HandshakesPerSecondPerDid { get; set; } = 100;

    /// <summary>How many sessions this process holds; when full it refuses new ones.</summary>
    [NumberRange(1, 10_000_000)]
    public int MaxSessions { get; set; } = 50_000;

    /// <summary>How many sessions this process holds for one peer.</summary>
    [NumberRange(1, 10_000_000)]
    public int MaxSessionsPerPeer { get; set; } = 1_000;

    /// <summary>Whether spans carry the DID of a verified peer.</summary>
    public bool TracePeerDid { get; set; } = true;
}
