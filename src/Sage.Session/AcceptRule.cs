using Sage.Did;

namespace Sage.Session;

/// <summary>
/// Who may open a session, asked after the peer has proven that it is who it says. There is no default: talking to anyone
/// is a decision.
/// </summary>
public sealed class AcceptRule
{
    private readonly Func<DidResolution, bool> accepts;

    private AcceptRule(Func<DidResolution, bool> accepts) => this.accepts = accepts;

    /// <summary>Any agent that proves its DID.</summary>
    public static AcceptRule Anyone { get; } = new(_ => true);

    /// <summary>Only these agents.</summary>
    /// <param name="dids">The DIDs, compared byte-exact.</param>
    public static AcceptRule Dids(params IEnumerable<AgentDid> dids)
    {
        HashSet<AgentDid> allowed = [.. dids];
        return new AcceptRule(peer => allowed.Contains(peer.Did));
    }

    /// <summary>Agents that a predicate accepts. A predicate that throws refuses.</summary>
    /// <param name="predicate">Asked with the resolution of the verified peer; it must be quick and safe from any thread.</param>
    public static AcceptRule Where(Func<DidResolution, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new AcceptRule(predicate);
    }

    internal bool Accepts(DidResolution peer) => accepts(peer);
}
