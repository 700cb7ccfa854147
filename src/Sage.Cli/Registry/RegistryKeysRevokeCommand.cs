using System.CommandLine;
using System.CommandLine.Parsing;
using Sage.Crypto;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry keys revoke</c>.</summary>
internal static class RegistryKeysRevokeCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Argument<KeyReference> key = new("KEYID|NAME") { Description = KeyReference.Description, CustomParser = KeyReference.Parse };
        Option<bool> byKey = new("--by-key")
        {
            Description = "Let the key itself say so: then any account may carry it to the chain. The key must be in the store, and secp256k1 (or p256, where the chain can check it).",
        };
        CliCommand command = RegistryWriteCommand.Create(
            terminal,
            "revoke",
            "Revoke a key for good. It stops counting as soon as the block is seen.",
            [key, byKey],
            ["sage registry keys revoke signing --agent 7", "sage registry keys revoke hot --by-key --signer anybody --agent 7"],
            async (agent, parsed, cancellationToken) =>
            {
                KeyReference reference = parsed.GetRequiredValue(key);
                EthereumHash keyId = await reference.FindAsync(agent.Store, cancellationToken);
                TransactionReceipt receipt = parsed.GetValue(byKey)
                    ? await RevokeByKeyAsync(agent, reference.Text, cancellationToken)
                    : await agent.Registry.RevokeKeyAsync(agent.AgentId, keyId, cancellationToken);
                return new Report().Add("revoked", keyId.ToString()).Add(receipt);
            });
        command.Validators.Add(result => Validate(result, key, byKey));
        return command;
    }

    private static void Validate(CommandResult result, Argument<KeyReference> key, Option<bool> byKey)
    {
        if (result.GetValue(byKey) && result.GetResult(key)?.Tokens is [{ } token] && EthereumHash.TryParse(token.Value, out _))
        {
            result.AddError("--by-key needs the key itself, by its name in the store.");
        }
    }

    private static async Task<TransactionReceipt> RevokeByKeyAsync(RegistryAgent agent, string name, CancellationToken cancellationToken)
    {
        using PrivateKey key = await agent.Store.GetAsync(name, cancellationToken: cancellationToken);
        if (key.Algorithm != KeyAlgorithm.Secp256k1 && key.Algorithm != KeyAlgorithm.P256)
        {
            throw CommandException.Refused($"The key '{name}' is {key.Algorithm.Name}, whose signature no chain checks; the agent's owner can revoke it without --by-key.");
        }

        return await agent.Registry.RevokeKeyBySignatureAsync(agent.AgentId, key, cancellationToken);
    }
}
