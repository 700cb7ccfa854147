using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>What the commands that change one agent have in common: their options, and that everything is checked before anything is sent.</summary>
internal static class RegistryWriteCommand
{
    /// <summary>Makes a command that changes an agent.</summary>
    /// <param name="terminal">Where the report goes.</param>
    /// <param name="name">The command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="own">Options and arguments of its own.</param>
    /// <param name="examples">Lines to copy, without the options that all these commands share.</param>
    /// <param name="run">Does it, and says what it did.</param>
    public static CliCommand Create(
        Terminal terminal,
        string name,
        string description,
        IEnumerable<Symbol> own,
        IEnumerable<string> examples,
        Func<RegistryAgent, ParseResult, CancellationToken, Task<Report>> run)
    {
        ChainOptions chain = new();
        DeploymentOptions deployment = new(chain);
        AccountOptions account = new();
        Option<AgentReference?> agent = AgentReference.Option();
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new(name, description);
        foreach (Symbol symbol in own)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.Add(agent);
        chain.AddTo(command);
        deployment.AddTo(command);
        account.AddTo(command);
        command.Add(json);
        command.Examples = [.. examples.Select(example => $"{example} --rpc https://node.example --deployment deployment.json --store alice/keys.json --max-fee 30")];
        command.Run(async (parsed, cancellationToken) =>
        {
            EthereumDeployment where = (await deployment.ReadAsync(parsed, cancellationToken)).Deployment;
            UInt256 agentId = parsed.GetRequiredValue(agent)!.In(where);
            RegistryAccount payer = await RegistryAccount.OpenAsync(parsed, chain, account, where.ChainId, cancellationToken);
            using RegistryAgent opened = new(payer, where, agentId);
            await CheckAsync(payer.Client, where, cancellationToken);
            Report report = await run(opened, parsed, cancellationToken);
            terminal.Text.WriteLine(report.ToString(parsed.GetValue(json)));
        });
        return command;
    }

    /// <summary>Checks that the node serves the chain and that both contracts are there and belong together.</summary>
    /// <exception cref="EthereumRpcException">They do not, or the node failed.</exception>
    public static async Task CheckAsync(EthereumClient client, EthereumDeployment deployment, CancellationToken cancellationToken)
    {
        await client.CheckAsync(deployment.ChainId, [deployment.IdentityRegistry, deployment.KeyRegistry], cancellationToken);
        BlockHeader head = await client.GetBlockAsync(BlockTag.Latest, cancellationToken);
        await new RegistryReader(deployment).CheckIdentityAsync(client, head.Hash, cancellationToken);
    }
}
