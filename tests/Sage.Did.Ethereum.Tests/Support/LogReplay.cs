namespace Sage.Did.Ethereum.Tests;

/// <summary>The agents that logs come to.</summary>
internal sealed class LogReplay(EthereumDeployment deployment)
{
    private readonly KeyImport import = new(deployment);

    public Dictionary<UInt256, AgentProjection> Agents { get; } = [];

    public LogReplay Apply(params IEnumerable<EthereumLog> logs)
    {
        foreach (EthereumLog log in logs)
        {
            RegistryEvent change = RegistryEvents.TryRead(deployment, log) ?? throw new AssertionException("A log of the contracts could not be read.");
            Agents[change.AgentId] = Agents.GetValueOrDefault(change.AgentId, AgentProjection.None).Apply(change, import);
        }

        return this;
    }
}
