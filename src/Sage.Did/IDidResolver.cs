namespace Sage.Did;

/// <summary>Resolves DIDs. Implementations must be safe from any thread.</summary>
public interface IDidResolver
{
    /// <summary>Resolves a DID.</summary>
    /// <param name="did">The DID.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The resolution; an unknown, deactivated or malformed identity is a status, not an exception.</returns>
    /// <exception cref="DidResolutionException">The source cannot be reached or read: the caller must refuse.</exception>
    ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default);
}
