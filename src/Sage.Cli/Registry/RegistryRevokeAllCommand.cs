using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry revoke-all</c>.</summary>
internal static class RegistryRevokeAllCommand
{
    public static CliCommand Create(Terminal terminal) => RegistryWriteCommand.Create(
        terminal,
        "revoke-all",
        "Revoke all keys of an agent for good.",
        [],
        ["sage registry revoke-all --agent 7"],
        async (agent, _, cancellationToken) =>
        {
            TransactionReceipt receipt = await agent.Registry.RevokeAllAsync(agent.AgentId, cancellationToken);
            return new Report().Add("agent", agent.AgentId.ToString()).Add("revoked", "all keys").Add(receipt);
        });
}
