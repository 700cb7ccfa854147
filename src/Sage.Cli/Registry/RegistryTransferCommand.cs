using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry transfer</c>.</summary>
internal static class RegistryTransferCommand
{
    private const string Warning = "No key counts any more: the new owner must add keys, proven for the new owner.";

    public static CliCommand Create(Terminal terminal)
    {
        Option<EthereumAddress> to = new("--to") { Description = "The new owner.", HelpName = "ADDR", Required = true, CustomParser = AddressArgument.Parse };
        return RegistryWriteCommand.Create(
            terminal,
            "transfer",
            "Give an agent of the account to another owner. All its keys are gone for the new one.",
            [to],
            ["sage registry transfer --to 0x… --agent 7"],
            async (agent, parsed, cancellationToken) =>
            {
                EthereumAddress newOwner = parsed.GetRequiredValue(to);
                TransactionReceipt receipt = await agent.Registry.TransferAsync(agent.AgentId, newOwner, cancellationToken);
                return new Report().Add("agent", agent.AgentId.ToString()).Add("owner", newOwner.ToString()).Add(receipt).Add("warning", Warning);
            });
    }
}
