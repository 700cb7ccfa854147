using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Sage.Benchmarks;

/// <summary>Resolving and finding agents of a registry on chain, the node being in this process.</summary>
internal static class RegistryGroups
{
    private const int Agents = 10_000;

    public static Func<Group>[] All { get; } = [Resolve, Find];

    private static Group Resolve()
    {
        (InProcessRegistry node, RegistryMirror mirror) = Start();
        EthereumDidResolver chain = new(InProcessRegistry.Deployment, [node], new EthereumDidResolverOptions { MaxHeadAge = TimeSpan.FromHours(12) });
        CachingDidResolver cache = new(chain, new CachingDidResolverOptions { MaxAge = TimeSpan.FromHours(12) });
        AgentDid did = InProcessRegistry.Did(4_321);
        AgentDid unknown = InProcessRegistry.Did(Agents);
        return new Group(
            "resolution of an agent on chain, of 10,000",
            new Candidate("CachingDidResolver", () => Require(Done(cache.ResolveAsync(did)).HandshakeSigningKey is not null)),
            new Candidate("RegistryMirror", () => Require(Done(mirror.ResolveAsync(did)).HandshakeSigningKey is not null)),
            new Candidate("RegistryMirror, no such agent", () => Require(Done(mirror.ResolveAsync(unknown)).Status == DidResolutionStatus.NotFound)),
            new Candidate("EthereumDidResolver (without a network)", () => Require(Done(chain.ResolveAsync(did)).HandshakeSigningKey is not null)))
        {
            Owner = node,
        };
    }

    private static Group Find()
    {
        (InProcessRegistry node, RegistryMirror mirror) = Start();
        PublicKey key = Done(mirror.ResolveAsync(InProcessRegistry.Did(1))).HandshakeSigningKey!;
        AgentQuery byKey = new() { Key = key, PageSize = 1, After = 5_000 };
        AgentQuery byOwner = new() { Owner = mirror.Find(new AgentQuery { PageSize = 1 }).Agents[0].Owner, PageSize = 100 };
        return new Group(
            "finding agents in a mirror of 10,000",
            new Candidate("one by key", () => Require(mirror.Find(byKey).Agents.Count == 1)),
            new Candidate("100 by owner", () => Require(mirror.Find(byOwner).Agents.Count == 100)))
        {
            FloorCount = 0,
            Owner = node,
        };
    }

    private static (InProcessRegistry Node, RegistryMirror Mirror) Start()
    {
        InProcessRegistry node = new(Agents);
        RegistryMirror mirror = new(InProcessRegistry.Deployment, node, new RegistryMirrorOptions { FirstBlock = 1, MaxHeadAge = TimeSpan.FromHours(12) });
        mirror.PollAsync().GetAwaiter().GetResult();
        Require(mirror.IsCurrent);
        return (node, mirror);
    }

    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }
}
