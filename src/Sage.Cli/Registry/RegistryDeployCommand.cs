using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage registry deploy</c>.</summary>
internal static class RegistryDeployCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        ChainOptions chain = new();
        AccountOptions account = new();
        Option<EthereumAddress?> identity = new("--identity")
        {
            Description = "An identity registry (ERC-8004) that is there already; only its key registry is deployed. Without it, both are.",
            HelpName = "ADDR",
            CustomParser = AddressArgument.ParseOptional,
        };
        Option<string> output = new("--out") { Description = "Where to write the deployment file, which other commands take.", HelpName = "FILE", Required = true, CustomParser = PathArgument.Parse };
        Option<bool> force = new("--force") { Description = "Replace the file if it exists; where that deployment is, is lost." };
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("deploy", "Deploy the contracts from the code in this program. Nobody administers them and nobody can change them.") { identity, output, force };
        chain.AddTo(command);
        account.AddTo(command);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(chain.ChainId) is null)
            {
                result.AddError("Option '--chain-id' is required.");
            }
        });
        command.Examples =
        [
            "sage registry deploy --rpc http://127.0.0.1:8545 --chain-id 31337 --store keys.json --max-fee 30 --out deployment.json",
            "sage registry deploy --identity 0x8004A169FB4a3325136EB29fA0ceB6D2e539a432 --rpc https://node.example --chain-id 1 --store keys.json --max-fee 30 --out mainnet.json",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(output);
            RequireFree(path, parsed.GetValue(force));
            ulong chainId = parsed.GetValue(chain.ChainId)!.Value;
            using RegistryAccount payer = await RegistryAccount.OpenAsync(parsed, chain, account, chainId, cancellationToken);
            EthereumAddress? given = parsed.GetValue(identity);
            await payer.Client.CheckAsync(chainId, given is { } there ? [there] : [], cancellationToken);
            (DeploymentFile made, Report report) = await DeployAsync(payer, chainId, given, cancellationToken);
            Write(path, made, parsed.GetValue(force));
            terminal.Text.WriteLine(report.ToString(parsed.GetValue(json)));
        });
        return command;
    }

    private static async Task<(DeploymentFile Made, Report Report)> DeployAsync(RegistryAccount payer, ulong chainId, EthereumAddress? given, CancellationToken cancellationToken)
    {
        ContractDeployer deployer = new(payer, chainId);
        TransactionReceipt? first = given is null ? await deployer.DeployIdentityAsync(cancellationToken) : null;
        EthereumAddress identity = given ?? first!.ContractAddress!.Value;
        TransactionReceipt second;
        try
        {
            second = await deployer.DeployKeyRegistryAsync(identity, cancellationToken);
            DeploymentFile made = new(new EthereumDeployment(chainId, identity, second.ContractAddress!.Value), (first ?? second).BlockNumber);
            await RegistryWriteCommand.CheckAsync(payer.Client, made.Deployment, cancellationToken);
            Report report = new Report()
                .Add("chainId", chainId)
                .Add("identity", identity.ToString())
                .Add("keyRegistry", made.Deployment.KeyRegistry.ToString())
                .Add("block", made.Block)
                .Add("gas_used", second.GasUsed + (first?.GasUsed ?? 0));
            return (made, report);
        }
        catch (Exception failure) when (first is not null && failure is not OperationCanceledException)
        {
            (ExitCode exitCode, string message) = Failure.Explain(failure);
            throw new CommandException(exitCode, $"{message} The identity registry is there: go on with --identity {identity}.");
        }
    }

    // Before anything is paid for.
    private static void RequireFree(string path, bool force)
    {
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw CommandException.InputOutput($"'{path}' is not where a file can be.");
        }

        if (!force && File.Exists(path))
        {
            throw CommandException.Refused($"'{path}' exists; --force replaces it.");
        }
    }

    private static void Write(string path, DeploymentFile made, bool force)
    {
        try
        {
            PrivateFile.Write(path, made.ToJson(), force);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CommandException)
        {
            throw CommandException.InputOutput($"{made.Deployment} is deployed from block {made.Block}, but '{path}' could not be written: {failure.Message}");
        }
    }
}
