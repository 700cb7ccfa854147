namespace Sage.Did.Ethereum.Tests;

/// <summary>Comparisons of what a mirror answers.</summary>
internal static class MirrorAssert
{
    /// <summary>The same status, the same keys under the same names for the same purposes.</summary>
    public static void AreSame(DidResolution mirror, DidResolution chain, string where)
    {
        Assert.That(mirror.Status, Is.EqualTo(chain.Status), where);
        Assert.That(mirror.Document?.Authentication, Is.EqualTo(chain.Document?.Authentication), where);
        Assert.That(mirror.Document?.AssertionMethod, Is.EqualTo(chain.Document?.AssertionMethod), where);
        Assert.That(mirror.Document?.KeyAgreement, Is.EqualTo(chain.Document?.KeyAgreement), where);
        Assert.That(mirror.ObservedAt, Is.EqualTo(chain.ObservedAt), where);
    }

    public static async Task RefusesAsync(RegistryMirror mirror, AgentDid did, string reason)
    {
        Assert.That(mirror.IsCurrent, Is.False);
        Assert.That(async () => await mirror.ResolveAsync(did), Throws.TypeOf<DidResolutionException>().With.Message.Contains(reason));
        Assert.That(() => mirror.Find(new AgentQuery()), Throws.TypeOf<DidResolutionException>().With.Message.Contains(reason));
        DidResolution other = await mirror.ResolveAsync(AgentDid.Parse("did:sage:ethereum:0x0000000000000000000000000000000000000001"));
        Assert.That(other.Status, Is.EqualTo(DidResolutionStatus.NotFound), "What is not of here needs no mirror.");
    }
}
