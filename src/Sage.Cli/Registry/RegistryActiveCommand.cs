using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry deactivate</c> and <c>sage registry activate</c>.</summary>
internal static class RegistryActiveCommand
{
    public static CliCommand Create(Terminal terminal, bool isActive)
    {
        string name = isActive ? "activate" : "deactivate";
        return RegistryWriteCommand.Create(
            terminal,
            name,
            isActive ? "Let the keys of an agent count again." : "Let no key of an agent count until it is activated again.",
            [],
            [$"sage registry {name} --agent 7"],
            async (agent, _, cancellationToken) =>
            {
                TransactionReceipt receipt = await agent.Registry.SetActiveAsync(agent.AgentId, isActive, cancellationToken);
                return new Report().Add("agent", agent.AgentId.ToString()).Add("status", isActive ? "active" : "deactivated").Add(receipt);
            });
    }
}
