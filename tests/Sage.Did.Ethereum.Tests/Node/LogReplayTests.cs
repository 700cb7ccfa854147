namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class LogReplayTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task The_logs_of_a_random_history_come_to_what_resolve_answers_for_every_agent(int seed)
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        await using RandomHistory history = new(chain, seed);
        LogReader reader = new(chain.Anvil.Client, RegistryEvents.Filter(chain.Deployment));
        for (int round = 0; round < 12; round++)
        {
            await history.StepAsync(6);
            if (round % 3 == 2)
            {
                await chain.Anvil.ReorgAsync(1 + (round % 5));
            }

            BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
            LogReplay replay = new(chain.Deployment);
            await foreach (LogPage page in reader.ReadAllAsync(new LogCursor(0), head.Number))
            {
                replay.Apply(page.Logs);
            }

            foreach (UInt256 agent in history.Agents)
            {
                AgentState? resolved = await history.ReadAsync(agent);
                AgentState? replayed = replay.Agents.GetValueOrDefault(agent)?.ToState();
                Assert.That(replayed?.Keys, Is.EqualTo(resolved?.Keys), $"agent {agent}, round {round}");
                Assert.That((replayed?.Owner, replayed?.IsActive, replayed?.Version), Is.EqualTo((resolved?.Owner, resolved?.IsActive, resolved?.Version)));
            }
        }
    }
}
