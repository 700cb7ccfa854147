using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;

namespace Sage.Cli;

/// <summary>Looks at everything a resolver relies on. Each thing is looked at whether or not the others are in order.</summary>
internal sealed class DeploymentCheck(EthereumClient client, EthereumDeployment deployment, TimeSpan maxAge, int? confirmations, TimeProvider timeProvider)
{
    // The public deployments of ERC-8004: proxies, so that their code says nothing about them.
    private static readonly EthereumAddress[] PublicIdentities =
    [
        EthereumAddress.Parse("0x8004A169FB4a3325136EB29fA0ceB6D2e539a432"),
        EthereumAddress.Parse("0x8004A818BFB912233c491871b3d84c89A494BD9e"),
    ];

    private static readonly AbiSignature Domain = AbiSignature.Parse("eip712Domain()");

    private readonly RegistryReader reader = new(deployment);

    /// <summary>The newest block, once it was looked at.</summary>
    public BlockHeader? Head { get; private set; }

    /// <exception cref="EthereumRpcException">The node cannot be reached.</exception>
    public async Task<IReadOnlyList<DeploymentFinding>> RunAsync(CancellationToken cancellationToken) =>
    [
        await LookAsync("chain", ChainAsync, cancellationToken),
        await LookAsync("synced", SyncedAsync, cancellationToken),
        await LookAsync("head", HeadAsync, cancellationToken),
        await LookAsync("finalized", SettledAsync, cancellationToken),
        await LookAsync("identity_code", IdentityCodeAsync, cancellationToken),
        await LookAsync("key_registry_code", KeyRegistryCodeAsync, cancellationToken),
        await LookAsync("identity_link", LinkAsync, cancellationToken),
        await LookAsync("version", VersionAsync, cancellationToken),
        await LookAsync("reads", ReadsAsync, cancellationToken),
    ];

    private static async Task<DeploymentFinding> LookAsync(string name, Func<CancellationToken, Task<(bool IsGood, string Detail)>> look, CancellationToken cancellationToken)
    {
        try
        {
            (bool isGood, string detail) = await look(cancellationToken);
            return new DeploymentFinding(name, isGood, detail);
        }
        catch (EthereumRpcException failure) when (failure.Error is not (EthereumRpcError.Unreachable or EthereumRpcError.Timeout or EthereumRpcError.Status))
        {
            return new DeploymentFinding(name, false, failure.Message);
        }
    }

    private async Task<(bool IsGood, string Detail)> ChainAsync(CancellationToken cancellationToken)
    {
        ulong served = await client.GetChainIdAsync(cancellationToken);
        return served == deployment.ChainId ? (true, $"{served}") : (false, $"the node serves chain {served}, not {deployment.ChainId}");
    }

    private async Task<(bool IsGood, string Detail)> SyncedAsync(CancellationToken cancellationToken)
    {
        JsonElement answer = await client.Rpc.SendAsync(new EthereumRpcRequest("eth_syncing"), cancellationToken);
        return answer.ValueKind == JsonValueKind.False ? (true, "yes") : (false, "the node is still synchronising");
    }

    private async Task<(bool IsGood, string Detail)> HeadAsync(CancellationToken cancellationToken)
    {
        Head = await client.GetBlockAsync(BlockTag.Latest, cancellationToken);
        TimeSpan age = timeProvider.GetUtcNow() - Head.Timestamp;
        string found = $"block {Head.Number}, {Math.Abs((long)age.TotalSeconds)} s {(age < TimeSpan.Zero ? "in the future" : "old")}";
        return age.Duration() <= maxAge ? (true, found) : (false, $"{found}, more than {(long)maxAge.TotalSeconds} s");
    }

    private async Task<(bool IsGood, string Detail)> SettledAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await RequireHeadAsync(cancellationToken);
        if (confirmations is not { } depth)
        {
            BlockHeader finalized = await client.GetBlockAsync(BlockTag.Finalized, cancellationToken);
            return (true, $"block {finalized.Number}, {Math.Max(0, (long)(head.Timestamp - finalized.Timestamp).TotalSeconds)} s before the newest");
        }

        ulong number = head.Number - Math.Min(head.Number, (ulong)depth);
        return await client.FindBlockAsync(number, cancellationToken) is null
            ? (false, $"the node does not know block {number}")
            : (true, $"block {number}, by {depth} confirmations");
    }

    private async Task<(bool IsGood, string Detail)> IdentityCodeAsync(CancellationToken cancellationToken)
    {
        EthereumAddress address = deployment.IdentityRegistry;
        ReadOnlyMemory<byte> found = await client.GetCodeAsync(address, cancellationToken);
        if (found.IsEmpty)
        {
            return (false, $"there is no contract at {address}");
        }

        if (Bytes.PublicEquals(found.Span, ContractCode.AgentIdentity.OnChain(deployment.ChainId, address, default)))
        {
            return (true, "AgentIdentity, which nobody can change");
        }

        return PublicIdentities.Contains(address)
            ? (true, "unknown code: the public ERC-8004 registry, which its owner can change")
            : (false, "unknown code: neither AgentIdentity nor the public ERC-8004 registry");
    }

    private async Task<(bool IsGood, string Detail)> KeyRegistryCodeAsync(CancellationToken cancellationToken)
    {
        EthereumAddress address = deployment.KeyRegistry;
        ReadOnlyMemory<byte> found = await client.GetCodeAsync(address, cancellationToken);
        return found.IsEmpty ? (false, $"there is no contract at {address}")
            : Bytes.PublicEquals(found.Span, ContractCode.SageKeyRegistry.OnChain(deployment.ChainId, address, deployment.IdentityRegistry))
                ? (true, "SageKeyRegistry, which nobody can change")
                : (false, "not the code of SageKeyRegistry for this chain, address and identity registry");
    }

    private async Task<(bool IsGood, string Detail)> LinkAsync(CancellationToken cancellationToken)
    {
        await reader.CheckIdentityAsync(client, (await RequireHeadAsync(cancellationToken)).Hash, cancellationToken);
        return (true, $"the key registry names {deployment.IdentityRegistry}");
    }

    private async Task<(bool IsGood, string Detail)> VersionAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await RequireHeadAsync(cancellationToken);
        ReadOnlyMemory<byte> answer = await client.CallAsync(deployment.KeyRegistry, Domain.Selector.ToArray(), head.Hash, cancellationToken);
        return ReadDomain(answer.Span) is ("SageKeyRegistry", "1") ? (true, "SageKeyRegistry 1") : (false, "the key registry does not say that it is SageKeyRegistry 1 of this chain");
    }

    // (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions), EIP-5267.
    private (string Name, string Version)? ReadDomain(ReadOnlySpan<byte> answer)
    {
        AbiReader domain = new(answer, 7);
        domain.FixedBytes(1);
        string name = domain.String();
        string version = domain.String();
        UInt256 chainId = domain.Number();
        EthereumAddress contract = domain.Address();
        domain.FixedBytes(EthereumHash.Size);
        int extensions = domain.BeginArray(1);
        domain.End();
        return domain.TryEnd() && extensions == 0 && chainId == deployment.ChainId && contract == deployment.KeyRegistry ? (name, version) : null;
    }

    // No agent has the greatest number, and the registry has an answer of its own for that.
    private async Task<(bool IsGood, string Detail)> ReadsAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await RequireHeadAsync(cancellationToken);
        AgentState? nobody = await reader.ReadAsync(client, UInt256.MaxValue, head.Hash, mayPrecede: false, cancellationToken);
        return nobody is null ? (true, "the node calls the registry at a named block") : (false, "an agent is there that cannot be");
    }

    private async Task<BlockHeader> RequireHeadAsync(CancellationToken cancellationToken) => Head ??= await client.GetBlockAsync(BlockTag.Latest, cancellationToken);
}
