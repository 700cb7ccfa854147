using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>The calls that read the key registry, and the strict reading of what comes back.</summary>
internal sealed class RegistryReader(EthereumDeployment deployment)
{
    private const int KeyHeadWords = 9;

    private static readonly AbiSignature Resolve = AbiSignature.Parse("resolve(uint256)");
    private static readonly AbiSignature Identity = AbiSignature.Parse("identity()");
    private static readonly AbiSignature NonexistentToken = AbiSignature.Parse("ERC721NonexistentToken(uint256)");

    private readonly KeyImport import = new(deployment);

    /// <summary>Checks that the key registry belongs to the identity registry.</summary>
    /// <exception cref="EthereumRpcException">It does not, or the node failed.</exception>
    public async ValueTask CheckIdentityAsync(EthereumClient client, EthereumHash block, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> answer = await client.CallAsync(deployment.KeyRegistry, Identity.Selector.ToArray(), block, cancellationToken).ConfigureAwait(false);
        AbiReader reader = new(answer.Span, 1);
        EthereumAddress identity = reader.Address();
        if (!reader.TryEnd() || identity != deployment.IdentityRegistry)
        {
            throw new EthereumRpcException(EthereumRpcError.NoContract, $"The contract at {deployment.KeyRegistry} is not the key registry of {deployment.IdentityRegistry}.");
        }
    }

    /// <summary>Reads an agent at a block; null if there was no such agent.</summary>
    /// <param name="client">The node.</param>
    /// <param name="agentId">The agent.</param>
    /// <param name="block">The block.</param>
    /// <param name="mayPrecede">Whether the block may be older than the registry itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed, or its answer is not of the registry.</exception>
    public async ValueTask<AgentState?> ReadAsync(EthereumClient client, UInt256 agentId, EthereumHash block, bool mayPrecede, CancellationToken cancellationToken)
    {
        byte[] call = new AbiWriter(Resolve.Selector).Number(agentId).ToArray();
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await client.CallAsync(deployment.KeyRegistry, call, block, cancellationToken).ConfigureAwait(false);
        }
        catch (EthereumRpcException e) when (IsNonexistent(e.ErrorData.Span, agentId))
        {
            return null;
        }

        return answer.IsEmpty && mayPrecede ? null : TryRead(agentId, answer.Span) ?? throw EthereumClient.Invalid("eth_call");
    }

    private static bool IsNonexistent(ReadOnlySpan<byte> data, UInt256 agentId)
    {
        if (!data.StartsWith(NonexistentToken.Selector))
        {
            return false;
        }

        AbiReader reader = new(data[4..], 1);
        UInt256 named = reader.Number();
        return reader.TryEnd() && named == agentId;
    }

    /// <summary>Reads (address owner, bool active, uint64 version, Key[] keys); null if the answer has another form or contradicts itself.</summary>
    internal AgentState? TryRead(UInt256 agentId, ReadOnlySpan<byte> answer)
    {
        AbiReader reader = new(answer, 4);
        EthereumAddress owner = reader.Address();
        bool isActive = reader.Bool();
        ulong version = reader.UInt64();
        int count = reader.BeginArray(1);
        List<ChainKey> keys = [];
        HashSet<EthereumHash> seen = [];
        if (count > AgentProjection.MaxKeys)
        {
            return null;
        }

        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            if (ReadKey(ref reader, agentId, owner) is not { } key || !seen.Add(key.KeyId))
            {
                return null;
            }

            keys.Add(key);
        }

        reader.End();
        return reader.TryEnd() && !owner.IsZero ? new AgentState(owner, isActive, version, keys) : null;
    }

    private ChainKey? ReadKey(ref AbiReader reader, UInt256 agentId, EthereumAddress owner)
    {
        reader.BeginTuple(KeyHeadWords);
        EthereumHash keyId = EthereumHash.FromBytes(reader.FixedBytes(EthereumHash.Size));
        byte type = (byte)reader.Number(8).ToUInt64();
        byte purposes = (byte)reader.Number(8).ToUInt64();
        bool isProven = reader.Bool();
        reader.Number(32);
        reader.UInt64();
        ulong revokedAt = reader.UInt64();
        ReadOnlySpan<byte> encoded = reader.Bytes();
        ReadOnlySpan<byte> proof = reader.Bytes();
        reader.End();

        // A listed key is not revoked, and its name follows from its bytes: a node that says otherwise answers for something else.
        return !reader.IsFailed && revokedAt == 0 && KeyMessages.KeyId(type, encoded) == keyId
            ? new ChainKey(keyId, (AgentKeyPurposes)purposes, import.Import(agentId, owner, type, purposes, isProven, encoded, proof))
            : null;
    }
}
