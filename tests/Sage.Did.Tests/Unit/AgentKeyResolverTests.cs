using Sage.Crypto;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class AgentKeyResolverTests
{
    private TestAgent agent = null!;
    private KeySigner second = null!;
    private AgentKeyResolver resolver = null!;

    [SetUp]
    public void SetUp()
    {
        agent = new TestAgent();
        second = agent.NewSigner(KeyAlgorithm.Secp256k1);
        AgentRecord record = agent.Record() with { Keys = [agent.Entry(agent.Signer), agent.Entry(second)], Version = 0 };
        resolver = new AgentKeyResolver(new DidResolverChain([new("sage", new InMemoryAgentRegistry([record])), new("key", new DidKeyResolver())]));
    }

    [TearDown]
    public void TearDown() => agent.Dispose();

    [Test]
    public async Task Without_a_fragment_the_rule_of_the_profile_chooses()
    {
        KeyResolution resolution = await resolver.ResolveAsync(new KeyQuery(agent.Did.Value));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(resolution.Status, Is.EqualTo(KeyResolutionStatus.Resolved));
            Assert.That(resolution.Keys, Is.EqualTo(new[] { second.PublicKey }));
            Assert.That((resolution.Subject, resolution.Source), Is.EqualTo((agent.Did.Value, "memory")));
        }
    }

    [Test]
    public async Task A_fragment_names_that_key_only()
    {
        Assert.That((await resolver.ResolveAsync(new KeyQuery($"{agent.Did}#key-1"))).Keys, Is.EqualTo(new[] { agent.Signer.PublicKey }));
        Assert.That((await resolver.ResolveAsync(new KeyQuery($"{agent.Did}#key-2"))).Keys, Is.EqualTo(new[] { second.PublicKey }));
        Assert.That((await resolver.ResolveAsync(new KeyQuery($"{agent.Did}#kem", KeyUse.Agreement))).Keys, Is.EqualTo(new[] { agent.Agreement }));
        foreach (KeyQuery query in new[] { new KeyQuery($"{agent.Did}#key-3"), new KeyQuery($"{agent.Did}#kem"), new KeyQuery($"{agent.Did}#key-1", KeyUse.Agreement) })
        {
            KeyResolution none = await resolver.ResolveAsync(query);
            Assert.That((none.Status, none.Keys.Count), Is.EqualTo((KeyResolutionStatus.NoUsableKey, 0)));
        }
    }

    [Test]
    public async Task The_agreement_key_is_found_for_agreement() =>
        Assert.That((await resolver.ResolveAsync(new KeyQuery(agent.Did.Value, KeyUse.Agreement))).Keys, Is.EqualTo(new[] { agent.Agreement }));

    [Test]
    public async Task A_P256_key_signs_for_its_own_DID()
    {
        PublicKey key = agent.New(KeyAlgorithm.P256).PublicKey;
        Assert.That((await resolver.ResolveAsync(new KeyQuery(DidKeyResolver.Create(key).Value))).Keys, Is.EqualTo(new[] { key }));
        KeyResolution agreement = await resolver.ResolveAsync(new KeyQuery(DidKeyResolver.Create(key).Value, KeyUse.Agreement));
        Assert.That(agreement.Status, Is.EqualTo(KeyResolutionStatus.NoUsableKey));
    }

    [Test]
    public async Task What_is_unknown_or_malformed_gives_no_key()
    {
        (string KeyId, KeyResolutionStatus Status)[] cases =
        [
            ("", KeyResolutionStatus.Invalid),
            ("key-1", KeyResolutionStatus.Invalid),
            ("did:sage:ethereum:x#a#b", KeyResolutionStatus.Invalid),
            ("did:sage:" + new string('x', 600), KeyResolutionStatus.Invalid),
            ("did:sage:polkadot:x", KeyResolutionStatus.Invalid),
            ("did:sage:ethereum:x", KeyResolutionStatus.NotFound),
            ("did:web:example.com", KeyResolutionStatus.NotFound),
        ];
        foreach ((string keyId, KeyResolutionStatus status) in cases)
        {
            KeyResolution resolution = await resolver.ResolveAsync(new KeyQuery(keyId));
            Assert.That((resolution.Status, resolution.Keys.Count), Is.EqualTo((status, 0)), keyId);
        }
    }

    [Test]
    public async Task A_deactivated_agent_gives_no_key()
    {
        AgentKeyResolver inactive = new(new InMemoryAgentRegistry([agent.Record() with { IsActive = false }]));
        Assert.That((await inactive.ResolveAsync(new KeyQuery($"{agent.Did}#key-1"))).Status, Is.EqualTo(KeyResolutionStatus.Deactivated));
    }

    [Test]
    public void A_source_that_is_down_is_an_exception()
    {
        AgentKeyResolver down = new(new FakeSource(TimeProvider.System) { IsDown = true });
        Assert.That(() => down.ResolveAsync(new KeyQuery(agent.Did.Value)).AsTask(), Throws.TypeOf<DidResolutionException>());
    }
}
