using System.CommandLine;
using System.CommandLine.Parsing;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>The options that name a deployment: a file that <c>sage registry deploy</c> wrote, or the chain and both addresses.</summary>
internal sealed class DeploymentOptions(ChainOptions chain)
{
    public Option<string?> File { get; } = new("--deployment")
    {
        Description = "The file that 'sage registry deploy' wrote. Without it: --chain-id, --identity and --keys.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    public Option<EthereumAddress?> Identity { get; } = new("--identity")
    {
        Description = "The address of the identity registry (ERC-8004).",
        HelpName = "ADDR",
        CustomParser = AddressArgument.ParseOptional,
    };

    public Option<EthereumAddress?> Keys { get; } = new("--keys")
    {
        Description = "The address of the key registry.",
        HelpName = "ADDR",
        CustomParser = AddressArgument.ParseOptional,
    };

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(Identity);
        command.Add(Keys);
        command.Validators.Add(Validate);
    }

    /// <exception cref="CommandException">The file is none of a deployment, or of another chain than the one named.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<DeploymentFile> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ulong? chainId = parsed.GetValue(chain.ChainId);
        if (parsed.GetValue(File) is not { } path)
        {
            return new DeploymentFile(new EthereumDeployment(chainId!.Value, parsed.GetValue(Identity)!.Value, parsed.GetValue(Keys)!.Value), 0);
        }

        DeploymentFile file = await DeploymentFile.ReadAsync(path, cancellationToken);
        return chainId is null || chainId == file.Deployment.ChainId
            ? file
            : throw CommandException.Refused($"'{path}' is of chain {file.Deployment.ChainId}, not {chainId}.");
    }

    private void Validate(CommandResult result)
    {
        bool hasAddress = result.GetResult(Identity) is not null || result.GetResult(Keys) is not null;
        bool hasAll = result.GetResult(Identity) is not null && result.GetResult(Keys) is not null && result.GetResult(chain.ChainId) is not null;
        if (result.GetResult(File) is not null ? hasAddress : !hasAll)
        {
            result.AddError("Name the deployment by --deployment FILE, or by --chain-id, --identity and --keys.");
        }
        else if (hasAll && result.GetResult(Identity)!.Tokens is [var identity] && result.GetResult(Keys)!.Tokens is [var keys]
            && string.Equals(identity.Value, keys.Value, StringComparison.OrdinalIgnoreCase))
        {
            result.AddError("--identity and --keys are two contracts.");
        }
    }
}
