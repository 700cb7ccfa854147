namespace Sage.Did;

/// <summary>Sends each DID to the resolver of its method.</summary>
public sealed class DidResolverChain : IDidResolver
{
    private readonly Dictionary<string, IDidResolver> resolvers;
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a chain.</summary>
    /// <param name="resolvers">The resolvers by method name, for example <c>sage</c>.</param>
    /// <param name="timeProvider">The clock.</param>
    public DidResolverChain(IEnumerable<KeyValuePair<string, IDidResolver>> resolvers, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(resolvers);
        this.resolvers = new Dictionary<string, IDidResolver>(resolvers, StringComparer.Ordinal);
        this.timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default) =>
        resolvers.TryGetValue(did.Method, out IDidResolver? resolver)
            ? resolver.ResolveAsync(did, cancellationToken)
            : ValueTask.FromResult(new DidResolution(did, DidResolutionStatus.MethodNotSupported, "none", timeProvider.GetUtcNow()));
}
