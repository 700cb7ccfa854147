namespace Sage.Did.Ethereum;

/// <summary>One endpoint that is asked about agents; checked against the deployment before it is believed for the first time.</summary>
internal sealed class RegistryEndpoint(IEthereumRpc rpc, EthereumDeployment deployment, TimeSpan maxHeadAge, int? confirmations, TimeProvider timeProvider)
{
    private readonly EthereumClient client = new(rpc, timeProvider);
    private readonly RegistryReader reader = new(deployment);
    private volatile bool isChecked;
    private ulong floor;

    public EthereumClient Client => client;

    /// <summary>
    /// The lowest newest block that is believed. Behind one address there may be several nodes, of which one lags: what has been seen
    /// at another must not be forgotten there.
    /// </summary>
    public ulong Floor
    {
        get => Volatile.Read(ref floor);
        set => Volatile.Write(ref floor, value);
    }

    /// <summary>The newest block, whatever its number; the endpoint is checked against the deployment first.</summary>
    /// <exception cref="EthereumRpcException">The endpoint failed, is of another chain, or stands still.</exception>
    public async ValueTask<BlockHeader> GetHeadAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await client.GetFreshBlockAsync(BlockTag.Latest, maxHeadAge, cancellationToken).ConfigureAwait(false);
        TimeSpan ahead = head.Timestamp - timeProvider.GetUtcNow();
        if (ahead > maxHeadAge)
        {
            throw new EthereumRpcException(EthereumRpcError.InvalidResponse, $"The chain's head is {(long)ahead.TotalSeconds} s in the future.");
        }

        if (!isChecked)
        {
            await client.CheckAsync(deployment.ChainId, [deployment.IdentityRegistry, deployment.KeyRegistry], cancellationToken).ConfigureAwait(false);
            await reader.CheckIdentityAsync(client, head.Hash, cancellationToken).ConfigureAwait(false);
            isChecked = true;
        }

        return head;
    }

    /// <summary>The newest block whose keys count.</summary>
    /// <exception cref="EthereumRpcException">The endpoint failed, or has no settled block.</exception>
    public ValueTask<BlockHeader> GetSettledAsync(BlockHeader head, CancellationToken cancellationToken) =>
        confirmations is { } depth ? FindConfirmedAsync(head, depth, cancellationToken) : client.GetBlockAsync(BlockTag.Finalized, cancellationToken);

    /// <exception cref="EthereumRpcException">The endpoint failed, is of another chain, stands still, or has no settled block.</exception>
    public async Task<AgentSighting> LookAsync(UInt256 agentId, CancellationToken cancellationToken)
    {
        try
        {
            return await LookOnceAsync(agentId, cancellationToken).ConfigureAwait(false);
        }
        catch (EthereumRpcException e) when (e.Error == EthereumRpcError.Node && e.ErrorData.IsEmpty)
        {
            // A reorganisation may have taken the block away between two requests; nodes have no common word for it.
            return await LookOnceAsync(agentId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The settled block and the newest one; the endpoint is checked against the deployment first.</summary>
    /// <exception cref="EthereumRpcException">The endpoint failed, is of another chain, stands still, or has no settled block.</exception>
    public async Task<(BlockHeader Settled, BlockHeader Head)> SeeAsync(CancellationToken cancellationToken)
    {
        // The settled block first, so that it cannot be newer than the head.
        BlockHeader? settled = confirmations is null ? await client.GetBlockAsync(BlockTag.Finalized, cancellationToken).ConfigureAwait(false) : null;
        BlockHeader head = await GetBelievedHeadAsync(cancellationToken).ConfigureAwait(false);
        settled ??= await FindConfirmedAsync(head, confirmations!.Value, cancellationToken).ConfigureAwait(false);
        if (settled.Number > head.Number)
        {
            throw new EthereumRpcException(EthereumRpcError.InvalidResponse, "The settled block is newer than the chain's head.");
        }

        return (settled, head);
    }

    private async Task<AgentSighting> LookOnceAsync(UInt256 agentId, CancellationToken cancellationToken)
    {
        (BlockHeader settled, BlockHeader head) = await SeeAsync(cancellationToken).ConfigureAwait(false);
        AgentState? after = await reader.ReadAsync(client, agentId, head.Hash, mayPrecede: false, cancellationToken).ConfigureAwait(false);
        AgentState? before = await reader.ReadAsync(client, agentId, settled.Hash, mayPrecede: true, cancellationToken).ConfigureAwait(false);
        return new AgentSighting(settled, before, head, after);
    }

    private async ValueTask<BlockHeader> GetBelievedHeadAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await GetHeadAsync(cancellationToken).ConfigureAwait(false);

        // A block that came between is no reason to refuse; asking again tells it from a node that lags.
        if (head.Number < Floor)
        {
            head = await GetHeadAsync(cancellationToken).ConfigureAwait(false);
        }

        ulong least = Floor;
        return head.Number >= least
            ? head
            : throw new EthereumRpcException(EthereumRpcError.StaleHead, $"The node's newest block is {head.Number}, and {least} was seen there before.");
    }

    private async ValueTask<BlockHeader> FindConfirmedAsync(BlockHeader head, int depth, CancellationToken cancellationToken)
    {
        ulong number = head.Number - Math.Min(head.Number, (ulong)depth);
        return await client.FindBlockAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw new EthereumRpcException(EthereumRpcError.UnknownBlock, $"The node does not know block {number}.");
    }
}
