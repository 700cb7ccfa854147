using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry watch</c>.</summary>
internal static class RegistryWatchCommand
{
    private const int DefaultInterval = 12;
    private const int LongestInterval = 600;

    public static CliCommand Create(Terminal terminal)
    {
        ChainOptions chain = new(takesSeveral: true);
        DeploymentOptions deployment = new(chain);
        Option<AgentReference?> agent = AgentReference.Option();
        agent.Required = false;
        agent.Description = "Only this agent: its number in the identity registry, or its DID.";
        Option<ulong?> from = BlockOption("--from-block", "The first block. [default: the next one]");
        Option<ulong?> until = BlockOption("--until-block", "Stop after this block.");
        Option<int> seconds = new("--for") { Description = "Stop after so many seconds. Exit code 1 if --until-block was not reached by then.", HelpName = "SECONDS", CustomParser = NumberArgument.Between(1, int.MaxValue / 1000) };
        Option<int> poll = new("--poll")
        {
            Description = "How often to ask for new blocks, in seconds.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => DefaultInterval,
            CustomParser = NumberArgument.Between(1, LongestInterval),
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object a line, for scripts." };
        CliCommand command = new("watch", "Print events of the registry as they come, one a line, until interrupted. A node that fails is asked again, or the next one.") { agent, from, until, seconds, poll };
        chain.AddTo(command);
        deployment.AddTo(command);
        command.Add(json);
        command.Examples =
        [
            "sage registry watch --rpc https://node.example --deployment deployment.json",
            "sage registry watch --agent 7 --from-block 0 --json --rpc https://one.example --rpc https://two.example --deployment deployment.json",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            EthereumDeployment where = (await deployment.ReadAsync(parsed, cancellationToken)).Deployment;
            WatchPrinter printer = new(terminal, where, parsed.GetValue(agent)?.In(where), parsed.GetValue(json));
            IReadOnlyList<HttpEthereumRpc> nodes = chain.Open(parsed);
            using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetResult(seconds) is not null)
            {
                timeout.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            }

            try
            {
                RegistryWatch watch = new(where, nodes, printer, TimeSpan.FromSeconds(parsed.GetValue(poll)), TimeProvider.System);
                await watch.RunAsync(parsed.GetValue(from), parsed.GetValue(until), timeout.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                // To be interrupted is how it ends.
                if (parsed.GetValue(until) is { } block && !cancellationToken.IsCancellationRequested)
                {
                    throw CommandException.Refused($"Block {block} was not reached in time.");
                }
            }
            finally
            {
                foreach (HttpEthereumRpc node in nodes)
                {
                    node.Dispose();
                }
            }
        });
        return command;
    }

    private static Option<ulong?> BlockOption(string name, string description) => new(name) { Description = description, HelpName = "N", CustomParser = ParseBlock };

    private static ulong? ParseBlock(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong block) || block > long.MaxValue)
        {
            result.AddError($"'{text}' is not the number of a block.");
        }

        return block;
    }
}
