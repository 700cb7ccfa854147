namespace Sage.Did;

/// <summary>Sends each DID to the resolver of its method, or to one of a part of that method: of several names that fit the longest counts.</summary>
public sealed class DidResolverChain : IDidResolver
{
    private const int MaxParts = 4;
    private const string Scheme = "did:";

    private readonly Dictionary<string, IDidResolver> resolvers;
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a chain.</summary>
    /// <param name="resolvers">The resolvers by name: a method, for example <c>sage</c>, or how its identifiers begin, up to a colon and in at most 4 parts, for example <c>sage:eip155</c>.</param>
    /// <param name="timeProvider">The clock.</param>
    public DidResolverChain(IEnumerable<KeyValuePair<string, IDidResolver>> resolvers, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(resolvers);
        this.resolvers = new Dictionary<string, IDidResolver>(resolvers, StringComparer.Ordinal);
        this.timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default) =>
        Find(did.Value.AsSpan(Scheme.Length)) is { } resolver
            ? resolver.ResolveAsync(did, cancellationToken)
            : ValueTask.FromResult(new DidResolution(did, DidResolutionStatus.MethodNotSupported, "none", timeProvider.GetUtcNow()));

    private IDidResolver? Find(ReadOnlySpan<char> name)
    {
        Dictionary<string, IDidResolver>.AlternateLookup<ReadOnlySpan<char>> byName = resolvers.GetAlternateLookup<ReadOnlySpan<char>>();
        IDidResolver? found = null;
        int end = 0;
        for (int part = 0; part < MaxParts; part++)
        {
            int colon = name[end..].IndexOf(':');
            if (colon < 0)
            {
                break;
            }

            end += colon;
            found = byName.TryGetValue(name[..end], out IDidResolver? resolver) ? resolver : found;
            end++;
        }

        return found;
    }
}
