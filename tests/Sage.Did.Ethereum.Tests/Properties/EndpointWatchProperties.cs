namespace Sage.Did.Ethereum.Tests.Properties;

/// <summary>A watched cache holds nothing that is older than the last look, whatever the chain did: it grew, changed branches, or its node lagged.</summary>
internal sealed class EndpointWatchProperties
{
    private const ulong Agents = 4;

    [FsCheck.NUnit.Property(MaxTest = 500, EndSize = 150)]
    public void After_every_look_what_is_remembered_is_what_the_chain_says(byte[] steps)
    {
        ScriptedChain chain = new(5);
        Dictionary<UInt256, (EthereumHash? State, bool IsAhead)> cache = [];
        RegistryEndpoint endpoint = Endpoint(chain);
        EndpointWatch watch = new(endpoint, ScriptedChain.Deployment, agents => agents.ToList().ForEach(agent => cache.Remove(agent)), _ => cache.Clear());
        EthereumHash seen = default;
        foreach (byte step in (byte[])[.. steps, 3, 4])
        {
            int detail = step / 6;
            switch (step % 6)
            {
                case 0 or 1:
                    chain.Mine((ulong)detail % (Agents + 1) is < Agents and var agent ? agent : null);
                    break;
                case 2:
                    chain.Drop(1 + (detail % 7));
                    for (int i = 0; i < detail % 9; i++)
                    {
                        chain.Mine((ulong)((detail + i) % 7));
                    }

                    break;
                case 3:
                    chain.Lag = detail % 5;
                    break;
                case 4:
                    watch.PollAsync(CancellationToken.None).GetAwaiter().GetResult();
                    seen = chain.HeadHash;
                    AssertTrue(chain, cache);
                    break;
                default:
                    for (ulong id = 0; id < Agents && chain.Head >= endpoint.Floor; id++)
                    {
                        // Like a cache: what is there stays. Who sees another block than the watcher has seen is ahead of it, which may be.
                        cache.TryAdd(id, (chain.StateOf(id), chain.HeadHash != seen));
                    }

                    break;
            }
        }
    }

    [Test]
    public async Task After_more_blocks_than_are_worth_reading_the_cache_is_cleared_instead()
    {
        ScriptedChain chain = new(5);
        int cleared = 0;
        int told = 0;
        EndpointWatch watch = new(Endpoint(chain), ScriptedChain.Deployment, agents => told += agents.Count, _ => cleared++);
        await watch.PollAsync(CancellationToken.None);
        for (int i = 0; i < 100_010; i++)
        {
            chain.Mine(1);
        }

        int before = chain.Requests;
        await watch.PollAsync(CancellationToken.None);
        Assert.That((cleared, told), Is.EqualTo((2, 0)));
        Assert.That(chain.Requests - before, Is.LessThan(10), "100,010 blocks are not read.");
        chain.Mine(2);
        await watch.PollAsync(CancellationToken.None);
        Assert.That((cleared, told), Is.EqualTo((2, 1)));
    }

    private static RegistryEndpoint Endpoint(ScriptedChain chain) => new(chain, ScriptedChain.Deployment, TimeSpan.FromMinutes(5), null, TimeProvider.System);

    private static void AssertTrue(ScriptedChain chain, Dictionary<UInt256, (EthereumHash? State, bool IsAhead)> cache)
    {
        foreach ((UInt256 agent, (EthereumHash? state, bool isAhead)) in cache)
        {
            Assert.That(isAhead || state == chain.StateOf(agent.ToUInt64()), Is.True, $"agent {agent} at block {chain.Head}");
        }
    }
}
