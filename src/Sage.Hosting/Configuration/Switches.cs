using Sage.Did;

namespace Sage.Hosting;

/// <summary>What can change while the host runs, as it is now. Immutable.</summary>
internal sealed class Switches
{
    private readonly HashSet<AgentDid> accepted;
    private readonly bool acceptAnyone;

    public Switches(SageHostOptions options)
    {
        accepted = [.. options.Sessions.Accept.Select(AgentDid.Parse)];
        acceptAnyone = options.Sessions.AcceptAnyone;
        Features = new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            [SageFeatures.RequireCookie] = options.Features.RequireCookie,
            [SageFeatures.ResponseSigning] = options.Features.ResponseSigning,
            [SageFeatures.WebBotAuth] = options.Features.WebBotAuth,
            [SageFeatures.ApiDocs] = options.Features.ApiDocs,
        };
    }

    public IReadOnlyDictionary<string, bool> Features { get; }

    public bool Accepts(AgentDid peer) => acceptAnyone || accepted.Contains(peer);
}
