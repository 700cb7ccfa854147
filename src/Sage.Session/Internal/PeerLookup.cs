using Microsoft.Extensions.Logging;
using Sage.Did;

namespace Sage.Session;

/// <summary>Resolves a peer and insists that it is active and that the answer is fresh.</summary>
internal sealed class PeerLookup(IDidResolver resolver, TimeSpan maxAge, TimeProvider timeProvider, ILogger logger)
{
    public async ValueTask<PeerLookupResult> FindAsync(AgentDid did, CancellationToken cancellationToken)
    {
        DidResolution resolution;
        try
        {
            resolution = await resolver.ResolveAsync(did, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a source fails with, nothing is known about the peer: refuse.
            Log.ResolverFailed(logger, exception);
            return new PeerLookupResult(PeerLookupStatus.Unreachable, null, exception);
        }

        if (resolution.Status != DidResolutionStatus.Resolved || resolution.Did != did)
        {
            return new PeerLookupResult(PeerLookupStatus.NotActive, null, null);
        }

        return resolution.AgeAt(timeProvider.GetUtcNow()) > maxAge
            ? new PeerLookupResult(PeerLookupStatus.TooOld, null, null)
            : new PeerLookupResult(PeerLookupStatus.Active, resolution, null);
    }
}
