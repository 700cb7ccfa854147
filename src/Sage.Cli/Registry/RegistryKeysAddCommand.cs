using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry keys add</c>.</summary>
internal static class RegistryKeysAddCommand
{
    // What the contract lists of an agent at most.
    private const int MostKeys = 16;

    public static CliCommand Create(Terminal terminal)
    {
        Argument<string[]> names = new("NAME")
        {
            Description = "Keys of the store. ed25519, secp256k1 and p256 sign for the agent, x25519 agrees on secrets.",
            Arity = new ArgumentArity(1, MostKeys),
            CustomParser = result => [.. result.Tokens.Select(token => KeyNameArgument.Parse(token.Value, result))],
        };
        return RegistryWriteCommand.Create(
            terminal,
            "add",
            "Add keys behind those that the agent has, all or none. They count when the block is final.",
            [names],
            ["sage registry keys add signing agreement --agent 7"],
            async (agent, parsed, cancellationToken) =>
            {
                string[] chosen = parsed.GetRequiredValue(names);
                EthereumAddress owner = await agent.GetOwnerAsync(cancellationToken);
                List<NewAgentKey> keys = [];
                foreach (string name in chosen)
                {
                    keys.Add(await agent.ProveAsync(name, owner, cancellationToken));
                }

                TransactionReceipt receipt = await agent.Registry.AddKeysAsync(agent.AgentId, keys, cancellationToken);
                return new Report()
                    .AddAll("keys", chosen.Zip(keys, (name, key) => ("key", new Report().Add("key_id", key.KeyId.ToString()).Add("name", name))))
                    .Add(receipt);
            });
    }
}
