using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>
/// The reads of an Ethereum node, typed. Every answer is checked for its form; what a node says is otherwise believed, so trust in
/// it is decided where the <see cref="IEthereumRpc"/> is made. Holds nothing; safe from any thread.
/// </summary>
public sealed class EthereumClient
{
    private readonly IEthereumRpc rpc;
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a client.</summary>
    /// <param name="rpc">The node, or several behind one.</param>
    /// <param name="timeProvider">The clock, for the age of the chain's head.</param>
    public EthereumClient(IEthereumRpc rpc, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(rpc);
        this.rpc = rpc;
        this.timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The node that is asked.</summary>
    public IEthereumRpc Rpc => rpc;

    /// <summary>Checks that a node serves the expected chain and that there is code at every address where a contract is expected.</summary>
    /// <param name="chainId">The expected chain id (EIP-155).</param>
    /// <param name="contracts">Addresses of contracts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException"><see cref="EthereumRpcError.WrongChain"/>, <see cref="EthereumRpcError.NoContract"/>, or the node failed.</exception>
    public async ValueTask CheckAsync(ulong chainId, IReadOnlyList<EthereumAddress> contracts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        ulong served = await GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        if (served != chainId)
        {
            throw new EthereumRpcException(EthereumRpcError.WrongChain, $"The node serves chain {served}, not {chainId}.");
        }

        foreach (EthereumAddress contract in contracts)
        {
            ReadOnlyMemory<byte> code = await GetCodeAsync(contract, cancellationToken).ConfigureAwait(false);
            if (code.IsEmpty)
            {
                throw new EthereumRpcException(EthereumRpcError.NoContract, $"There is no contract at {contract} on chain {chainId}.");
            }
        }
    }

    /// <summary>The chain id (EIP-155) that the node serves.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<ulong> GetChainIdAsync(CancellationToken cancellationToken = default) =>
        ReadQuantity("eth_chainId", await rpc.SendAsync(new EthereumRpcRequest("eth_chainId"), cancellationToken).ConfigureAwait(false));

    /// <summary>The code at an address, at the latest block; empty when it is no contract.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public ValueTask<ReadOnlyMemory<byte>> GetCodeAsync(EthereumAddress address, CancellationToken cancellationToken = default) =>
        GetCodeAsync(address, "latest", cancellationToken);

    /// <summary>The code at an address after a block, which only a node that keeps old states can tell.</summary>
    internal ValueTask<ReadOnlyMemory<byte>> GetCodeAsync(EthereumAddress address, ulong block, CancellationToken cancellationToken) =>
        GetCodeAsync(address, RpcHex.Quantity(block), cancellationToken);

    /// <summary>How many transactions an account has sent: the nonce of its next one.</summary>
    /// <param name="address">The account.</param>
    /// <param name="withPending">Whether those count that the node holds and that are in no block yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<ulong> GetTransactionCountAsync(EthereumAddress address, bool withPending, CancellationToken cancellationToken = default)
    {
        EthereumRpcRequest request = new("eth_getTransactionCount", writer =>
        {
            writer.WriteStringValue(address.ToLowerHex());
            writer.WriteStringValue(withPending ? "pending"u8 : "latest"u8);
        });
        return ReadQuantity(request.Method, await rpc.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The block with a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException"><see cref="EthereumRpcError.UnknownBlock"/> when the chain has no such block (yet), or the node failed.</exception>
    public async ValueTask<BlockHeader> GetBlockAsync(BlockTag tag, CancellationToken cancellationToken = default)
    {
        string name = tag switch
        {
            BlockTag.Latest => "latest",
            BlockTag.Safe => "safe",
            BlockTag.Finalized => "finalized",
            _ => throw new ArgumentOutOfRangeException(nameof(tag)),
        };
        return await GetBlockAsync("eth_getBlockByNumber", name, cancellationToken).ConfigureAwait(false)
            ?? throw new EthereumRpcException(EthereumRpcError.UnknownBlock, $"The node knows no block that is {name}.");
    }

    /// <summary>The block with a number on the chain that the node takes for the right one; null when it is not there yet.</summary>
    /// <param name="number">The number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<BlockHeader?> FindBlockAsync(ulong number, CancellationToken cancellationToken = default)
    {
        BlockHeader? block = await GetBlockAsync("eth_getBlockByNumber", RpcHex.Quantity(number), cancellationToken).ConfigureAwait(false);
        return block is null || block.Number == number ? block : throw Invalid("eth_getBlockByNumber");
    }

    /// <summary>The block with a hash, on whichever branch; null when the node does not know it.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<BlockHeader?> FindBlockByHashAsync(EthereumHash hash, CancellationToken cancellationToken = default)
    {
        BlockHeader? block = await GetBlockAsync("eth_getBlockByHash", hash.ToString(), cancellationToken).ConfigureAwait(false);
        return block is null || block.Hash == hash ? block : throw Invalid("eth_getBlockByHash");
    }

    /// <summary>
    /// The block with a tag, if the chain is not stuck: the age is the block's own timestamp against the clock, so that a node that
    /// stands still, or holds blocks back, is noticed.
    /// </summary>
    /// <param name="tag">The tag; a finalized block is some 15 minutes old on Ethereum.</param>
    /// <param name="maxAge">The greatest age.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException"><see cref="EthereumRpcError.StaleHead"/> when the block is older, or the node failed.</exception>
    public async ValueTask<BlockHeader> GetFreshBlockAsync(BlockTag tag, TimeSpan maxAge, CancellationToken cancellationToken = default)
    {
        BlockHeader block = await GetBlockAsync(tag, cancellationToken).ConfigureAwait(false);
        TimeSpan age = timeProvider.GetUtcNow() - block.Timestamp;
        return age <= maxAge
            ? block
            : throw new EthereumRpcException(EthereumRpcError.StaleHead, $"The chain's head is {(long)age.TotalSeconds} s old, which is more than {(long)maxAge.TotalSeconds} s.");
    }

    /// <summary>Calls a contract without a transaction, in the state after one block and no other (EIP-1898, <c>requireCanonical</c>).</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="data">Selector and arguments.</param>
    /// <param name="block">The hash of the block.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the contract gave back; empty also when there is no contract.</returns>
    /// <exception cref="EthereumRpcException">The call reverted (see <see cref="EthereumRpcException.ErrorData"/>), the block is no longer on the chain, or the node failed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> CallAsync(EthereumAddress contract, ReadOnlyMemory<byte> data, EthereumHash block, CancellationToken cancellationToken = default)
    {
        EthereumRpcRequest request = new("eth_call", writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("to"u8, contract.ToLowerHex());
            writer.WriteString("input"u8, RpcHex.Data(data.Span));
            writer.WriteEndObject();
            WriteBlock(writer, block);
        });
        return ReadBytes(request.Method, await rpc.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    internal static void WriteBlock(Utf8JsonWriter writer, EthereumHash block)
    {
        writer.WriteStartObject();
        writer.WriteString("blockHash"u8, block.ToString());
        writer.WriteBoolean("requireCanonical"u8, true);
        writer.WriteEndObject();
    }

    internal static ulong ReadQuantity(string method, JsonElement result) =>
        result.ValueKind == JsonValueKind.String && RpcHex.TryReadQuantity(result.GetString(), out ulong value) ? value : throw Invalid(method);

    internal static byte[] ReadBytes(string method, JsonElement result) =>
        result.ValueKind == JsonValueKind.String && RpcHex.TryReadBytes(result.GetString(), out byte[] bytes) ? bytes : throw Invalid(method);

    internal static EthereumRpcException Invalid(string method) => new(EthereumRpcError.InvalidResponse, $"The result of {method} does not have its form.");

    private async ValueTask<ReadOnlyMemory<byte>> GetCodeAsync(EthereumAddress address, string block, CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new("eth_getCode", writer =>
        {
            writer.WriteStringValue(address.ToLowerHex());
            writer.WriteStringValue(block);
        });
        return ReadBytes(request.Method, await rpc.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<BlockHeader?> GetBlockAsync(string method, string name, CancellationToken cancellationToken)
    {
        EthereumRpcRequest request = new(method, writer =>
        {
            writer.WriteStringValue(name);
            writer.WriteBooleanValue(false);
        });
        JsonElement result = await rpc.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return result.ValueKind == JsonValueKind.Null ? null : BlockHeader.TryRead(result) ?? throw Invalid(method);
    }
}
