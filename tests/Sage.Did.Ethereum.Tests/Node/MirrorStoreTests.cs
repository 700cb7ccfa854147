using Sage.Crypto;
using Sage.Tests.Contracts;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class MirrorStoreTests
{
    private RegistryChain chain = null!;
    private RandomHistory history = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync();
        history = new RandomHistory(chain, 5);
        await history.StepAsync(60);
        await chain.SettleAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (chain is not null)
        {
            await history.DisposeAsync();
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task A_restart_goes_on_from_the_store_and_reads_no_old_block_again()
    {
        MemoryRegistryMirrorStore store = new();
        await MirrorAsync(store);
        BlockHeader settled = await chain.Anvil.Client.GetBlockAsync(BlockTag.Finalized);
        await history.StepAsync(10);
        await chain.SettleAsync();

        LogTamperer node = new(chain.Anvil.Rpc);
        RegistryMirror mirror = await MirrorAsync(store, node);
        Assert.That(node.FromBlocks, Is.Not.Empty.And.All.GreaterThan(settled.Number));
        await AssertIsChainAsync(mirror);
    }

    [Test]
    public async Task Only_settled_state_is_saved_with_terms_to_find_it_by()
    {
        MemoryRegistryMirrorStore store = new();
        UInt256 agent = await chain.RegisterAsync();
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        NewAgentKey added = NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, key, AgentKeyPurposes.Authentication);
        await chain.AddAsync(agent, added);
        await chain.SettleAsync();
        await chain.RevokeAsync(agent, added.KeyId);
        await MirrorAsync(store);

        Dictionary<AgentDid, RegistryMirrorEntry> entries = [];
        await store.LoadAsync(entry => entries.Add(entry.Did, entry));
        Assert.That(entries[chain.Deployment.FormatDid(agent)].Terms, Is.EquivalentTo(new[] { $"owner:{chain.Alice.ToLowerHex()}", "active", $"key:{added.KeyId}" }));
        await chain.SettleAsync();
    }

    [Test]
    public async Task A_store_that_is_damaged_in_any_place_is_read_from_the_chain_again()
    {
        MemoryRegistryMirrorStore good = new();
        await MirrorAsync(good);
        List<RegistryMirrorEntry> entries = [];
        byte[] checkpoint = (await good.LoadAsync(entries.Add))!.Value.ToArray();
        byte[] value = entries[0].Value.ToArray();
        value[^1] ^= 1;
        byte[] otherVersion = [.. checkpoint];
        otherVersion[7]++;
        byte[] otherSum = [.. checkpoint];
        otherSum[^1]++;
        (byte[] Checkpoint, RegistryMirrorEntry[] Entries)[] damaged =
        [
            (checkpoint, [.. entries.Skip(1)]),
            (checkpoint, [.. entries.Skip(1), new RegistryMirrorEntry(entries[0].Did, value)]),
            (checkpoint, [.. entries.Skip(1), new RegistryMirrorEntry(entries[0].Did, [1, 2, 3])]),
            (checkpoint, [.. entries, new RegistryMirrorEntry(chain.Deployment.FormatDid(999), entries[0].Value.Span)]),
            (checkpoint, [.. entries, new RegistryMirrorEntry(AgentDid.Parse("did:example:a"), entries[0].Value.Span)]),
            (checkpoint[..^1], [.. entries]),
            (otherVersion, [.. entries]),
            (otherSum, [.. entries]),
        ];
        foreach ((byte[] bytes, RegistryMirrorEntry[] kept) in damaged)
        {
            MemoryRegistryMirrorStore store = new();
            await store.SaveAsync(bytes, kept);
            LogTamperer node = new(chain.Anvil.Rpc);
            RegistryMirror mirror = await MirrorAsync(store, node);
            Assert.That(node.FromBlocks[0], Is.Zero);
            await AssertIsChainAsync(mirror);

            LogTamperer again = new(chain.Anvil.Rpc);
            await AssertIsChainAsync(await MirrorAsync(store, again));
            Assert.That(again.FromBlocks, Is.All.GreaterThan(0), "The store is whole again.");
        }
    }

    [Test]
    public async Task A_store_of_other_settings_is_read_again_and_one_of_another_deployment_is_left_alone()
    {
        MemoryRegistryMirrorStore store = new();
        await MirrorAsync(store);
        LogTamperer node = new(chain.Anvil.Rpc);
        RegistryMirror confirmed = new(chain.Deployment, node, new RegistryMirrorOptions { FirstBlock = 0, Confirmations = 1 }, store);
        await confirmed.PollAsync();
        Assert.That(node.FromBlocks[0], Is.Zero);

        await using RegistryChain other = await RegistryChain.StartAsync();
        EthereumDeployment elsewhere = new(Anvil.ChainId, other.Deployment.KeyRegistry, other.Deployment.IdentityRegistry);
        int saves = store.Saves;
        RegistryMirror foreign = new(elsewhere, other.Anvil.Rpc, new RegistryMirrorOptions { FirstBlock = 0 }, store);
        await foreign.PollAsync();
        await foreign.PollAsync();
        await MirrorAssert.RefusesAsync(foreign, elsewhere.FormatDid(0), "holds the mirror of");
        Assert.That(store.Saves, Is.EqualTo(saves));
        Assert.That(await store.LoadAsync(_ => { }), Is.Not.Null);
    }

    [Test]
    public async Task A_store_that_fails_costs_nothing_but_the_head_start_and_gets_everything_when_it_is_back()
    {
        MemoryRegistryMirrorStore inner = new();
        FailingStore store = new(inner);
        RegistryMirror mirror = await MirrorAsync(store);
        await AssertIsChainAsync(mirror);
        Assert.That(inner.Saves, Is.Zero);

        store.IsDown = false;
        await mirror.PollAsync();
        LogTamperer node = new(chain.Anvil.Rpc);
        await AssertIsChainAsync(await MirrorAsync(inner, node));
        Assert.That(node.FromBlocks, Is.All.GreaterThan(0));
    }

    private async Task<RegistryMirror> MirrorAsync(IRegistryMirrorStore store, IEthereumRpc? node = null)
    {
        RegistryMirror mirror = new(chain.Deployment, node ?? chain.Anvil.Rpc, new RegistryMirrorOptions { FirstBlock = 0 }, store);
        await mirror.PollAsync();
        Assert.That(mirror.IsCurrent);
        return mirror;
    }

    private async Task AssertIsChainAsync(RegistryMirror mirror)
    {
        EthereumDidResolver resolver = chain.Resolver();
        foreach (UInt256 agent in history.Agents)
        {
            AgentDid did = chain.Deployment.FormatDid(agent);
            MirrorAssert.AreSame(await mirror.ResolveAsync(did), await resolver.ResolveAsync(did), $"agent {agent}");
        }
    }

    /// <summary>Can be read, and at first not written.</summary>
    private sealed class FailingStore(IRegistryMirrorStore inner) : IRegistryMirrorStore
    {
        public bool IsDown { get; set; } = true;

        public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken = default) => inner.LoadAsync(receive, cancellationToken);

        public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken = default) =>
            IsDown ? throw new IOException("The disk is full.") : inner.SaveAsync(checkpoint, changed, cancellationToken);

        public ValueTask ClearAsync(CancellationToken cancellationToken = default) => inner.ClearAsync(cancellationToken);
    }
}
