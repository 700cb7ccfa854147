using System.CommandLine;
using System.Text;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry register</c>.</summary>
internal static class RegistryRegisterCommand
{
    private const int LongestUri = 2048;

    public static CliCommand Create(Terminal terminal)
    {
        ChainOptions chain = new();
        DeploymentOptions deployment = new(chain);
        AccountOptions account = new();
        Option<string> uri = new("--uri")
        {
            Description = "Where the agent's registration file is (ERC-8004). It is public for ever.",
            HelpName = "URI",
            DefaultValueFactory = _ => "",
        };
        uri.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } text || Encoding.UTF8.GetByteCount(text) > LongestUri || (text.Length > 0 && !Uri.TryCreate(text, UriKind.Absolute, out _)))
            {
                result.AddError($"--uri takes an absolute URI of at most {LongestUri} bytes.");
            }
        });
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("register", "Register an agent that belongs to the account. Prints its DID; it has no keys yet.") { uri };
        chain.AddTo(command);
        deployment.AddTo(command);
        account.AddTo(command);
        command.Add(json);
        command.Examples =
        [
            "sage registry register --rpc https://node.example --deployment deployment.json --store alice/keys.json --max-fee 30",
            "sage registry register --uri https://alice.example/agent.json --rpc https://node.example --chain-id 1 --identity 0x… --keys 0x… --store alice/keys.json --max-fee 30",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            EthereumDeployment where = (await deployment.ReadAsync(parsed, cancellationToken)).Deployment;
            using RegistryAccount payer = await RegistryAccount.OpenAsync(parsed, chain, account, where.ChainId, cancellationToken);
            await RegistryWriteCommand.CheckAsync(payer.Client, where, cancellationToken);
            UInt256 agentId = await new EthereumAgentRegistry(where, payer.Sender).RegisterAsync(parsed.GetRequiredValue(uri), cancellationToken);
            Report report = new Report().Add("did", where.FormatDid(agentId).Value).Add("agent", agentId.ToString()).Add("owner", payer.Sender.Address.ToString());
            terminal.Text.WriteLine(report.ToString(parsed.GetValue(json)));
        });
        return command;
    }
}
