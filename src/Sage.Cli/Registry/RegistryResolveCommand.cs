using System.CommandLine;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry resolve</c>.</summary>
internal static class RegistryResolveCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Argument<AgentDid> did = new("DID") { Description = "The agent.", CustomParser = DidArgument.Parse };
        ChainOptions chain = new(takesSeveral: true);
        DeploymentOptions deployment = new(chain);
        SettlementOptions settlement = new();
        Option<bool> json = new("--json") { Description = "Print one line with the answer and where it is from, for scripts." };
        CliCommand command = new("resolve", "Print the document of an agent. Several nodes must agree. Exit code 1 if it is unknown, deactivated or not to be trusted.") { did };
        chain.AddTo(command);
        deployment.AddTo(command);
        settlement.AddTo(command);
        command.Add(json);
        command.Examples =
        [
            "sage registry resolve did:sage:eip155:31337:0x…:0 --rpc http://127.0.0.1:8545 --deployment deployment.json",
            "sage registry resolve did:sage:eip155:1:0x…:7 --rpc https://one.example --rpc https://two.example --chain-id 1 --identity 0x… --keys 0x…",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            EthereumDeployment where = (await deployment.ReadAsync(parsed, cancellationToken)).Deployment;
            IReadOnlyList<HttpEthereumRpc> nodes = chain.Open(parsed);
            try
            {
                EthereumDidResolver resolver = new(where, nodes, new EthereumDidResolverOptions { MaxHeadAge = settlement.ReadMaxAge(parsed), Confirmations = settlement.ReadConfirmations(parsed) });
                DidResolution resolution = await Resolution.RequireAsync(resolver, parsed.GetValue(did), cancellationToken);
                byte[] document = resolution.Document!.ToJson();
                terminal.Text.WriteLine(parsed.GetValue(json) ? Resolution.Describe(resolution, "document", document) : JsonText.Indent(document));
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
}
