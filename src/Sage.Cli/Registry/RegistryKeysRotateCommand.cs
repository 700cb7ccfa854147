using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry keys rotate</c>.</summary>
internal static class RegistryKeysRotateCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Option<KeyReference> old = new("--old") { Description = KeyReference.Description, HelpName = "KEYID|NAME", Required = true, CustomParser = KeyReference.Parse };
        Option<string> replacement = new("--new") { Description = "The new key, by its name in the store.", HelpName = "NAME", Required = true, CustomParser = KeyNameArgument.Parse };
        Option<bool> overlap = new("--overlap") { Description = "Keep the old key for now; revoke it when nobody uses it any more." };
        return RegistryWriteCommand.Create(
            terminal,
            "rotate",
            "Put a new key before all others and revoke an old one in the same moment. Until the block is final, neither counts; --overlap avoids that gap.",
            [old, replacement, overlap],
            ["sage registry keys rotate --old signing --new signing-2 --agent 7", "sage registry keys rotate --old signing --new signing-2 --overlap --agent 7"],
            async (agent, parsed, cancellationToken) =>
            {
                EthereumHash oldKeyId = await parsed.GetRequiredValue(old).FindAsync(agent.Store, cancellationToken);
                NewAgentKey key = await agent.ProveAsync(parsed.GetRequiredValue(replacement), await agent.GetOwnerAsync(cancellationToken), cancellationToken);
                bool keeps = parsed.GetValue(overlap);
                TransactionReceipt receipt = await agent.Registry.RotateKeyAsync(agent.AgentId, keeps ? default : oldKeyId, key, cancellationToken);
                return new Report().Add("added", key.KeyId.ToString()).Add(keeps ? "kept" : "revoked", oldKeyId.ToString()).Add(receipt);
            });
    }
}
