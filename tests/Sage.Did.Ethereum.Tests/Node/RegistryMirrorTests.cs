using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class RegistryMirrorTests
{
    private const AgentKeyPurposes Both = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public async Task A_mirror_answers_as_the_chain_does_through_random_histories_and_reorganisations(int seed)
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        await using RandomHistory history = new(chain, seed);
        RegistryMirror mirror = new(chain.Deployment, chain.Anvil.Rpc, new RegistryMirrorOptions { FirstBlock = 0 });
        EthereumDidResolver resolver = chain.Resolver();
        HashSet<DidResolutionStatus> seen = [];
        for (int round = 0; round < 40; round++)
        {
            await history.StepAsync(1 + (round % 3));
            if (round % 4 == 3)
            {
                await chain.Anvil.ReorgAsync(1 + (round % 2));
            }

            await mirror.PollAsync();
            foreach (UInt256 agent in history.Agents)
            {
                AgentDid did = chain.Deployment.FormatDid(agent);
                DidResolution mirrored = await mirror.ResolveAsync(did);
                MirrorAssert.AreSame(mirrored, await resolver.ResolveAsync(did), $"agent {agent}, round {round}");
                seen.Add(mirrored.Status);
            }
        }

        Assert.That(seen, Is.EquivalentTo(new[] { DidResolutionStatus.Resolved, DidResolutionStatus.Deactivated, DidResolutionStatus.NotFound }));
        await chain.SettleAsync();
        await mirror.PollAsync();
        foreach (UInt256 agent in history.Agents)
        {
            AgentState? resolved = await history.ReadAsync(agent);
            MirroredAgent? mirrored = mirror.Find(new AgentQuery { PageSize = 1, After = agent.IsZero ? null : agent - 1 }).Agents.SingleOrDefault(found => found.AgentId == agent);
            Assert.That((mirrored?.Owner, mirrored?.Version), Is.EqualTo((resolved?.Owner, resolved?.Version)), $"agent {agent}");
        }
    }

    [Test]
    public async Task The_tail_takes_trust_away_at_once_and_gives_none()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        using PrivateKey first = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey second = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        List<AgentDid> reported = [];
        DidChanges changes = new();
        using IDisposable subscription = changes.Subscribe(reported.Add);
        RegistryMirror mirror = new(chain.Deployment, chain.Anvil.Rpc, changes: changes);
        UInt256 agent = await chain.RegisterAsync();
        await chain.RegisterAsync();
        AgentDid did = chain.Deployment.FormatDid(agent);
        NewAgentKey key = NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, first, Both);
        await chain.AddAsync(agent, key);
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Document?.VerificationMethods ?? [], Is.Empty);

        await chain.SettleAsync();
        await mirror.PollAsync();
        Assert.That(await KeysAsync(mirror, did), Is.EqualTo(new[] { first.PublicKey }));
        reported.Clear();
        await mirror.PollAsync();
        await chain.AddAsync(agent, NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, second, Both));
        await mirror.PollAsync();
        Assert.That(await KeysAsync(mirror, did), Is.EqualTo(new[] { first.PublicKey }));
        Assert.That(reported, Is.Empty, "Nothing else is answered than before.");

        await chain.RevokeAsync(agent, key.KeyId);
        await mirror.PollAsync();
        Assert.That(await KeysAsync(mirror, did), Is.Empty);
        Assert.That(reported, Is.EqualTo(new[] { did }));

        // The revocation is gone from the chain, but what was seen stays until that height is settled.
        await chain.Anvil.ReorgAsync(1);
        await mirror.PollAsync();
        Assert.That(await KeysAsync(mirror, did), Is.Empty);
        await chain.SettleAsync();
        await mirror.PollAsync();
        Assert.That(await KeysAsync(mirror, did), Is.EqualTo(new[] { first.PublicKey, second.PublicKey }));
        Assert.That(reported, Is.All.EqualTo(did), "The other agent did not change.");
    }

    [Test]
    public async Task A_log_that_is_left_out_is_noticed_and_everything_read_again()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        LogTamperer node = new(chain.Anvil.Rpc);
        List<AgentDid> reported = [];
        DidChanges changes = new();
        using IDisposable subscription = changes.Subscribe(reported.Add);
        RegistryMirror mirror = new(chain.Deployment, node, new RegistryMirrorOptions { FirstBlock = 0 }, changes: changes);
        (AgentDid did, UInt256 agent, NewAgentKey[] keys) = await AgentAsync(chain, 2);
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Document!.VerificationMethods, Has.Count.EqualTo(2));

        // The revocation is hidden; the log after it shows that.
        string revoked = RegistryLogs.Hash("KeyRevoked(uint256,bytes32,uint64)").ToString();
        node.Tamper = log => log.GetProperty("topics")[0].GetString() == revoked ? null : log.GetRawText();
        await chain.RevokeAsync(agent, keys[0].KeyId);
        await chain.SettleAsync();
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Document!.VerificationMethods, Has.Count.EqualTo(2), "Nothing gives it away yet.");
        await chain.SetActiveAsync(agent, true);
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "not whole");

        node.FromBlocks.Clear();
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "not whole");
        Assert.That(node.FromBlocks[0], Is.Zero);
        reported.Clear();
        node.Tamper = null;
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Document!.VerificationMethods, Has.Count.EqualTo(1));
        Assert.That(reported, Is.EqualTo(new[] { did }));
    }

    [Test]
    public async Task A_log_that_the_contracts_do_not_write_is_no_answer()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        LogTamperer node = new(chain.Anvil.Rpc) { Tamper = log => log.GetRawText().Replace("\"data\":\"0x", "\"data\":\"0x00", StringComparison.Ordinal) };
        RegistryMirror mirror = new(chain.Deployment, node, new RegistryMirrorOptions { FirstBlock = 0 });
        (AgentDid did, _, _) = await AgentAsync(chain, 1);
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "not whole");

        node.Tamper = null;
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
    }

    [Test]
    public async Task A_reorganisation_of_what_was_settled_has_everything_read_again()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        RegistryMirror mirror = new(chain.Deployment, chain.Anvil.Rpc, new RegistryMirrorOptions { FirstBlock = 0 });
        (AgentDid kept, _, _) = await AgentAsync(chain, 1);
        await chain.Anvil.MineAsync(10);
        (AgentDid lost, _, _) = await AgentAsync(chain, 1);
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(lost)).Status, Is.EqualTo(DidResolutionStatus.Resolved));

        await chain.Anvil.ReorgAsync(8);
        await chain.Anvil.MineAsync(1);
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, kept, "not whole");
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(kept)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That((await mirror.ResolveAsync(lost)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
    }

    [Test]
    public async Task Without_its_node_a_mirror_answers_until_what_it_saw_is_too_old_and_then_again_when_the_node_is_back()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        LogTamperer node = new(chain.Anvil.Rpc);
        RegistryMirror mirror = new(chain.Deployment, node, new RegistryMirrorOptions { FirstBlock = 0 }, timeProvider: clock);
        (AgentDid did, _, _) = await AgentAsync(chain, 1);
        await MirrorAssert.RefusesAsync(mirror, did, "not caught up");
        await mirror.PollAsync();
        DidResolution first = await mirror.ResolveAsync(did);
        int requests = node.Requests;
        for (int i = 0; i < 10_000; i++)
        {
            Assert.That(await mirror.ResolveAsync(did), Is.SameAs(first));
        }

        Assert.That(node.Requests, Is.EqualTo(requests), "Resolving asks no node.");
        node.IsDown = true;
        clock.Advance(TimeSpan.FromMinutes(4));
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).AgeAt(clock.GetUtcNow()), Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(4)));
        clock.Advance(TimeSpan.FromMinutes(2));
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "old");

        // The node is back, but stands still.
        node.IsDown = false;
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "old");
        await chain.Anvil.AskAsync("evm_setNextBlockTimestamp", clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        await chain.Anvil.MineAsync();
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
    }

    [Test]
    public async Task The_first_block_is_found_and_a_node_that_forgot_it_is_named()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        await chain.Anvil.MineAsync(50);
        BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
        Assert.That(await FirstBlockSearch.FindAsync(chain.Anvil.Client, chain.Deployment.IdentityRegistry, head.Number, default), Is.EqualTo(1));
        Assert.That(await FirstBlockSearch.FindAsync(chain.Anvil.Client, chain.Deployment.KeyRegistry, head.Number, default), Is.EqualTo(2));

        EthereumClient pruned = new(new RpcDecorator(chain.Anvil.Rpc, (request, inner, cancellationToken) =>
            request.Method == "eth_getCode" ? throw new EthereumRpcException(-32000, "missing trie node", default) : inner.SendAsync(request, cancellationToken)));
        Assert.That(
            async () => await FirstBlockSearch.FindAsync(pruned, chain.Deployment.KeyRegistry, head.Number, default),
            Throws.TypeOf<EthereumRpcException>().With.Message.Contains("set FirstBlock"));
    }

    [Test]
    public async Task A_registry_with_more_agents_than_allowed_is_refused_for_good()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        RegistryMirror mirror = new(chain.Deployment, chain.Anvil.Rpc, new RegistryMirrorOptions { FirstBlock = 0, MaxAgents = 2 });
        (AgentDid did, _, _) = await AgentAsync(chain, 1);
        await AgentAsync(chain, 1);
        await mirror.PollAsync();
        Assert.That((await mirror.ResolveAsync(did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));

        await AgentAsync(chain, 0);
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "more than 2 agents");
        await mirror.PollAsync();
        await MirrorAssert.RefusesAsync(mirror, did, "more than 2 agents");
    }

    [Test]
    public async Task It_runs_until_it_is_cancelled_and_only_once()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        RegistryMirror mirror = new(chain.Deployment, chain.Anvil.Rpc, new RegistryMirrorOptions { PollInterval = TimeSpan.FromMilliseconds(100) });
        using CancellationTokenSource stop = new();
        Task running = mirror.RunAsync(stop.Token);
        (AgentDid did, _, _) = await AgentAsync(chain, 1);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!mirror.IsCurrent || (await mirror.ResolveAsync(did)).Status != DidResolutionStatus.Resolved)
        {
            await Task.Delay(20, deadline.Token);
        }

        Assert.That(async () => await mirror.RunAsync(), Throws.InvalidOperationException);
        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<(AgentDid Did, UInt256 Agent, NewAgentKey[] Keys)> AgentAsync(RegistryChain chain, int keys)
    {
        UInt256 agent = await chain.RegisterAsync();
        List<NewAgentKey> added = [];
        for (int i = 0; i < keys; i++)
        {
            using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
            added.Add(NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, key, Both));
        }

        if (keys > 0)
        {
            await chain.AddAsync(agent, [.. added]);
        }

        await chain.SettleAsync();
        return (chain.Deployment.FormatDid(agent), agent, [.. added]);
    }

    private static async Task<PublicKey[]> KeysAsync(RegistryMirror mirror, AgentDid did) =>
        [.. (await mirror.ResolveAsync(did)).Document!.VerificationMethods.Select(method => method.PublicKey)];
}
