namespace Sage.Did.Tests.Unit;

internal sealed class DidResolverChainTests
{
    private const string Identity = "0x8004a169fb4a3325136eb29fa0ceb6d2e539a432";

    [TestCase($"did:sage:eip155:1:{Identity}:5", 0, 0, 1)]
    [TestCase("did:sage:eip155:1:0x8004a818bfb912233c491871b3d84c89a494bd9e:5", 0, 1, 0)]
    [TestCase("did:sage:eip155", 1, 0, 0)]
    [TestCase("did:sage:eip1559:1", 1, 0, 0)]
    [TestCase("did:sage:ethereum:alice", 1, 0, 0)]
    [TestCase("did:web:sage:eip155:1", 0, 0, 0)]
    public async Task Of_several_names_that_fit_the_longest_counts(string did, int method, int chain, int deployment)
    {
        FakeSource[] sources = [new(TimeProvider.System), new(TimeProvider.System), new(TimeProvider.System)];
        DidResolverChain resolver = new([new("sage", sources[0]), new("sage:eip155", sources[1]), new($"sage:eip155:1:{Identity}", sources[2])]);

        DidResolution resolution = await resolver.ResolveAsync(AgentDid.Parse(did));
        Assert.That(sources.Select(source => source.Calls), Is.EqualTo(new[] { method, chain, deployment }));
        Assert.That(resolution.Status, Is.EqualTo(method + chain + deployment == 0 ? DidResolutionStatus.MethodNotSupported : DidResolutionStatus.NotFound));
    }
}
