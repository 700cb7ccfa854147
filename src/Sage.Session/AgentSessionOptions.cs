using Sage.Crypto;

namespace Sage.Session;

/// <summary>The settings of <see cref="SessionClient"/> and <see cref="SessionListener"/>; both copy what they use when they are made.</summary>
public sealed class AgentSessionOptions
{
    /// <summary>The largest message a session carries: 700 KiB, before encryption.</summary>
    public const int MaxMessageSize = 700 * 1024;

    internal const string NoAcceptRule =
        "AgentSessionOptions.Accept is not set. Say who may open sessions: AddSessions(options => options.Accept = AcceptRule.Dids(…)), AcceptRule.Where(…) or AcceptRule.Anyone.";

    internal const string NoStateKey =
        "There is an ISessionStore and no key for it. Set AgentSessionOptions.StateKey to the name of an X25519 key of the key store that is used for nothing else.";

    private const int MaxMaxBodySize = 16 * 1024 * 1024;

    /// <summary>Who may open a session with this agent. A listener cannot be made without it.</summary>
    public AcceptRule? Accept { get; set; }

    /// <summary>
    /// Where this agent may connect to: the policy of the transport that <c>AddSessions</c> registers. A transport made by
    /// hand is given its own.
    /// </summary>
    public EndpointPolicy Endpoints { get; set; } = EndpointPolicy.Public;

    /// <summary>The greatest age of a resolution that is relied on; older means refused.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan MaxResolutionAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a handshake, or a request and its reply, may take at the client.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest envelope the listener reads, in bytes; larger ones are answered with status 413.</summary>
    /// <value>1 MiB.</value>
    public int MaxBodySize { get; set; } = 1024 * 1024;

    /// <summary>Whether every handshake must carry a cookie.</summary>
    public bool RequireCookie { get; set; }

    /// <summary>Asked for every handshake that <see cref="RequireCookie"/> lets pass, so that it can change while the listener runs; it must be quick and safe from any thread.</summary>
    public Func<bool>? RequireCookieWhen { get; set; }

    /// <summary>The number of handshakes a second above which the listener asks for cookies.</summary>
    /// <value>500.</value>
    public int CookieThreshold { get; set; } = 500;

    /// <summary>
    /// How many handshakes a second one remote address (an IPv6 /64 network) may begin. Agents behind one proxy share it.
    /// </summary>
    /// <value>1000.</value>
    public int HandshakesPerSecondPerAddress { get; set; } = 1000;

    /// <summary>How many handshakes a second one DID may complete.</summary>
    /// <value>100.</value>
    public int HandshakesPerSecondPerDid { get; set; } = 100;

    /// <summary>
    /// The name, in the key store, of the X25519 key under which an <see cref="ISessionStore"/> keeps sessions; needed with one. All nodes
    /// of an agent share it and it is used for nothing else. After a rotation its former keys still open what they encrypted.
    /// </summary>
    public string? StateKey { get; set; }

    /// <summary>
    /// How many sessions the listener holds; when full it refuses new ones. With an <see cref="ISessionStore"/>, how many copies it holds;
    /// how many sessions there may be, the store decides.
    /// </summary>
    /// <value>50,000.</value>
    public int MaxSessions { get; set; } = 50_000;

    /// <summary>How many sessions the listener holds for one peer; a full peer is refused, others are not.</summary>
    /// <value>1,000.</value>
    public int MaxSessionsPerPeer { get; set; } = 1_000;

    /// <summary>Whether spans carry the DID of a verified peer.</summary>
    /// <value><see langword="true"/>.</value>
    public bool TracePeerDid { get; set; } = true;

    /// <summary>A copy that later changes do not reach.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal AgentSessionOptions ValidatedCopy() => FirstProblem() is { } problem
        ? throw new ArgumentException(problem)
        : (AgentSessionOptions)MemberwiseClone();

    /// <summary>What is wrong, naming the setting, or <see langword="null"/>.</summary>
    internal string? FirstProblem() =>
        Endpoints is null ? $"{nameof(Endpoints)} must be set."
        : MaxResolutionAge <= TimeSpan.Zero ? $"{nameof(MaxResolutionAge)} must be positive."
        : Timeout <= TimeSpan.Zero ? $"{nameof(Timeout)} must be positive."
        : MaxBodySize is < 1024 or > MaxMaxBodySize ? $"{nameof(MaxBodySize)} must be from 1 KiB to 16 MiB."
        : CookieThreshold < 0 ? $"{nameof(CookieThreshold)} must not be negative."
        : HandshakesPerSecondPerAddress < 1 ? $"{nameof(HandshakesPerSecondPerAddress)} must be positive."
        : HandshakesPerSecondPerDid < 1 ? $"{nameof(HandshakesPerSecondPerDid)} must be positive."
        : MaxSessions < 1 ? $"{nameof(MaxSessions)} must be positive."
        : StateKey is not null && !KeyName.IsValid(StateKey) ? $"{nameof(StateKey)} must be a name that a key store accepts, or not be set."
        : MaxSessionsPerPeer < 1 ? $"{nameof(MaxSessionsPerPeer)} must be positive."
        : null;
}
