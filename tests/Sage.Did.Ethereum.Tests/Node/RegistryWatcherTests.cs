using System.Diagnostics;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>What happens on chain is noticed with the next look, however long the cache remembers.</summary>
internal sealed class RegistryWatcherTests
{
    private static readonly AsyncLocal<bool> Lagging = new();

    private RegistryChain chain = null!;

    [SetUp]
    public async Task Start() => chain = await RegistryChain.StartAsync();

    [TearDown]
    public async Task Stop()
    {
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task A_revocation_is_refused_by_every_host_long_before_its_cache_ages()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        using ChainAgent bystander = await ChainAgent.CreateAsync(chain);
        await using WatchedHost first = await new WatchedHost(chain).BeginAsync();
        await using WatchedHost second = await new WatchedHost(chain).BeginAsync();
        DidResolution kept = await first.Cache.ResolveAsync(bystander.Did);
        foreach (WatchedHost host in new[] { first, second })
        {
            Assert.That(await host.KeysAsync(agent.Did), Is.EqualTo(new[] { agent.First.PublicKey }));
        }

        await agent.RevokeAsync();
        long start = Stopwatch.GetTimestamp();
        await Eventually.BecomesAsync(async () => (await first.KeysAsync(agent.Did)).Count + (await second.KeysAsync(agent.Did)).Count == 0, "Both hosts refuse.");
        await TestContext.Out.WriteLineAsync($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms after the revocation was mined, both hosts refuse (poll interval 100 ms).");
        Assert.That(first.Reported, Does.Contain(agent.Did).And.Not.Contain(bystander.Did));
        Assert.That(await first.Cache.ResolveAsync(bystander.Did), Is.SameAs(kept), "Whoever has not changed stays in the cache.");
    }

    [TestCase("rotate")]
    [TestCase("revoke all")]
    [TestCase("deactivate")]
    [TestCase("transfer")]
    public async Task Every_change_of_an_agent_is_reported(string what)
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        Assert.That(await host.KeysAsync(agent.Did), Is.Not.Empty);
        await (what switch
        {
            "rotate" => agent.AddInFrontAsync(),
            "revoke all" => chain.RevokeAllAsync(agent.Id),
            "deactivate" => chain.SetActiveAsync(agent.Id, false),
            _ => chain.TransferAsync(agent.Id),
        });
        await Eventually.BecomesAsync(() => host.Reported.Contains(agent.Did), "It is reported.");
        Assert.That(await host.KeysAsync(agent.Did), Has.Count.EqualTo(what == "rotate" ? 1 : 0));
    }

    [Test]
    public async Task A_new_key_counts_as_soon_as_it_is_settled_long_before_the_cache_ages()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        Crypto.PublicKey added = await agent.AddInFrontAsync();
        await Eventually.BecomesAsync(() => host.Reported.Contains(agent.Did), "The change was seen.");
        Assert.That(await host.KeysAsync(agent.Did), Is.EqualTo(new[] { agent.First.PublicKey }), "Not settled yet, and kept in the cache like that.");

        await chain.SettleAsync();

        await Eventually.BecomesAsync(async () => (await host.KeysAsync(agent.Did)).Contains(added), "The new key counts.");
    }

    [Test]
    public async Task A_cached_answer_touches_no_network()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain, TimeSpan.FromMinutes(10)).BeginAsync();
        await host.Cache.ResolveAsync(agent.Did);
        int before = host.Requests;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 1_250; i++)
            {
                Assert.That((await host.Cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
            }
        })));
        Assert.That((before > 0, host.Requests - before), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Watching_a_chain_that_stands_still_costs_one_request_per_look()
    {
        List<string> methods = [];
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        host.Intercept = (request, _, _) =>
        {
            lock (methods)
            {
                methods.Add(WatchedHost.AsksForHead(request) ? "head" : request.Method);
            }

            return null;
        };
        await Eventually.BecomesAsync(() => methods.Count >= 5, "It goes on looking.");
        lock (methods)
        {
            Assert.That(methods, Has.All.EqualTo("head"));
        }
    }

    [Test]
    public async Task What_a_reorganisation_takes_away_is_reported_and_what_it_brings_too()
    {
        using ChainAgent gone = await ChainAgent.CreateAsync(chain);
        using ChainAgent come = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        await host.KeysAsync(gone.Did);
        await host.KeysAsync(come.Did);
        await gone.RevokeAsync();
        await Eventually.BecomesAsync(() => host.Reported.Contains(gone.Did), "The revocation is noticed.");
        Assert.That(await host.KeysAsync(gone.Did), Is.Empty);
        host.Reported.Clear();

        await chain.Anvil.ReorgAsync(1);
        await Eventually.BecomesAsync(() => host.Reported.Contains(gone.Did), "So is its going.");
        Assert.That(await host.KeysAsync(gone.Did), Is.Empty, "A reorganisation creates no trust before finality.");
        await come.RevokeAsync();
        await Eventually.BecomesAsync(() => host.Reported.Contains(come.Did), "What the new branch says is noticed.");
        Assert.That(await host.KeysAsync(come.Did), Is.Empty);
    }

    [Test]
    public async Task A_reorganisation_that_goes_back_behind_where_the_watcher_began_clears_the_cache()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await chain.SettleAsync();
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        DidResolution before = await host.Cache.ResolveAsync(agent.Did);
        await chain.Anvil.MineAsync();
        Assert.That(await host.Cache.ResolveAsync(agent.Did), Is.SameAs(before));
        await chain.Anvil.ReorgAsync(2);
        await Eventually.BecomesAsync(async () => await host.Cache.ResolveAsync(agent.Did) != before, "It is asked anew.");
    }

    [Test]
    public async Task What_happened_while_a_node_was_down_is_noticed_when_it_is_up_again()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        Assert.That(await host.KeysAsync(agent.Did), Is.Not.Empty);
        host.Intercept = (_, _, _) => throw new EthereumRpcException(EthereumRpcError.Unreachable, "down");
        await Eventually.BecomesAsync(() => host.Log.Count(7111) > 0, "That it is down is logged.");
        await agent.RevokeAsync();
        await chain.Anvil.MineAsync(5);
        Assert.That(await host.KeysAsync(agent.Did), Is.Not.Empty, "Nobody can know.");
        host.Intercept = null;
        await Eventually.BecomesAsync(async () => (await host.KeysAsync(agent.Did)).Count == 0, "The revocation is noticed.");
        await Eventually.BecomesAsync(() => host.Log.Count(7110) == 2, "That it is up is logged.");
        Assert.That(host.Log.Count(7111), Is.EqualTo(1), "Once per change, not once per look.");
    }

    [Test]
    public async Task A_failure_of_any_kind_ends_no_watcher()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain).BeginAsync();
        Assert.That(await host.KeysAsync(agent.Did), Is.Not.Empty);
        int failures = 0;
        host.Intercept = (request, node, token) => Interlocked.Increment(ref failures) switch
        {
            1 => throw new InvalidOperationException("a plug-in's own"),
            2 => Task.FromResult(JsonDocument.Parse("[1]").RootElement),
            3 => throw new OperationCanceledException(),
            _ => null,
        };
        await agent.RevokeAsync();
        await Eventually.BecomesAsync(async () => (await host.KeysAsync(agent.Did)).Count == 0, "It goes on.");
    }

    [Test]
    public async Task A_node_that_lags_behind_what_was_seen_is_not_believed_until_the_watcher_says_so()
    {
        using ChainAgent agent = await ChainAgent.CreateAsync(chain);
        await using WatchedHost host = await new WatchedHost(chain, TimeSpan.FromSeconds(2)).BeginAsync();
        Assert.That(await host.KeysAsync(agent.Did), Is.Not.Empty);
        ulong before = (await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest)).Number;
        await agent.RevokeAsync();
        await Eventually.BecomesAsync(() => host.Reported.Contains(agent.Did), "The revocation is noticed.");
        EthereumRpcRequest old = new("eth_getBlockByNumber", writer =>
        {
            writer.WriteStringValue($"0x{before:x}");
            writer.WriteBooleanValue(false);
        });

        // Only what the resolver asks goes to the lagging node; the watcher began before and keeps seeing the other one.
        host.Intercept = (request, node, token) => WatchedHost.AsksForHead(request) && Lagging.Value ? node.SendAsync(old, token).AsTask() : null;
        Lagging.Value = true;
        DidResolutionException? refused = Assert.ThrowsAsync<DidResolutionException>(async () => await host.Resolver.ResolveAsync(agent.Did));
        Assert.That(refused!.Message, Does.Contain($"newest block is {before}"));
        Lagging.Value = false;
        Assert.That(await host.KeysAsync(agent.Did), Is.Empty);

        // Now the watcher sees it too: it may be a shorter branch.
        host.Reported.Clear();
        host.Intercept = (request, node, token) => WatchedHost.AsksForHead(request) ? node.SendAsync(old, token).AsTask() : null;
        await Eventually.BecomesAsync(() => host.Floor == before, "The floor is lowered.");
        host.Intercept = null;
        await Eventually.BecomesAsync(() => host.Floor > before && host.Reported.Count(did => did == agent.Did) >= 2, "What comes back is told again.");
        Assert.That(await host.KeysAsync(agent.Did), Is.Empty);
    }
}
