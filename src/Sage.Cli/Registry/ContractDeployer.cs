using Sage.Crypto.Internal;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;

namespace Sage.Cli;

/// <summary>Makes the contracts of a deployment, and looks whether what is on the chain afterwards is what was sent.</summary>
internal sealed class ContractDeployer(RegistryAccount account, ulong chainId)
{
    public Task<TransactionReceipt> DeployIdentityAsync(CancellationToken cancellationToken) =>
        DeployAsync(ContractCode.AgentIdentity, [], default, cancellationToken);

    public Task<TransactionReceipt> DeployKeyRegistryAsync(EthereumAddress identity, CancellationToken cancellationToken) =>
        DeployAsync(ContractCode.SageKeyRegistry, new AbiWriter().Address(identity).ToArray(), identity, cancellationToken);

    private async Task<TransactionReceipt> DeployAsync(ContractCode code, byte[] arguments, EthereumAddress identity, CancellationToken cancellationToken)
    {
        TransactionReceipt receipt = await account.Sender.ExecuteAsync(new TransactionDraft { Data = code.Create(arguments) }, cancellationToken);
        if (receipt.ContractAddress is not { } address)
        {
            throw CommandException.Refused($"The receipt of {receipt.TransactionHash} names no contract.");
        }

        ReadOnlyMemory<byte> found = await account.Client.GetCodeAsync(address, cancellationToken);
        return Bytes.PublicEquals(found.Span, code.OnChain(chainId, address, identity))
            ? receipt
            : throw CommandException.Refused($"The contract at {address} is not the one that {receipt.TransactionHash} was to make.");
    }
}
