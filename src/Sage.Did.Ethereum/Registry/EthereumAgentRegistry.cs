using Sage.Crypto;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>
/// Writes agents and their keys to a deployment, from the account of one <see cref="TransactionSender"/>, which also bounds what is paid.
/// The account must own the agent or be approved for it. Every method waits until its transaction is confirmed.
/// </summary>
/// <remarks>
/// It is no <see cref="IAgentRegistry"/>: here the transaction authorises, there is no record and no owner's proof. Safe from any thread.
/// </remarks>
public sealed class EthereumAgentRegistry
{
    private static readonly AbiSignature Register = AbiSignature.Parse("register(string)");
    private static readonly AbiSignature AddKeys = AbiSignature.Parse("addKeys(uint256,(uint8,uint8,bytes,bytes)[])");
    private static readonly AbiSignature RotateKey = AbiSignature.Parse("rotateKey(uint256,bytes32,(uint8,uint8,bytes,bytes))");
    private static readonly AbiSignature RevokeKey = AbiSignature.Parse("revokeKey(uint256,bytes32)");
    private static readonly AbiSignature RevokeKeyBySignature = AbiSignature.Parse("revokeKeyBySignature(uint256,bytes32,bytes)");
    private static readonly AbiSignature RevokeAll = AbiSignature.Parse("revokeAll(uint256)");
    private static readonly AbiSignature SetActive = AbiSignature.Parse("setActive(uint256,bool)");
    private static readonly AbiSignature Transfer = AbiSignature.Parse("safeTransferFrom(address,address,uint256)");
    private static readonly AbiEvent Registered = new("Registered(uint256,string,address)", true, false, true);

    private static readonly AbiErrors Errors = new(
        "NotAuthorized(uint256,address)", "MalformedKey(uint8,bytes)", "InvalidPurposes(uint8,uint8)", "InvalidProof(bytes32)", "KeyAlreadyKnown(bytes32)",
        "KeyUnknown(bytes32)", "KeyNotActive(bytes32)", "TooManyKeys()", "ERC721NonexistentToken(uint256)", "ERC721InvalidReceiver(address)",
        "ERC721InsufficientApproval(address,uint256)", "ERC721IncorrectOwner(address,uint256,address)");

    private readonly EthereumDeployment deployment;
    private readonly TransactionSender sender;

    /// <summary>Makes a client that writes.</summary>
    /// <param name="deployment">Where agents are registered.</param>
    /// <param name="sender">Sends for the account, on the deployment's chain. It stays the caller's to dispose.</param>
    public EthereumAgentRegistry(EthereumDeployment deployment, TransactionSender sender)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(sender);
        this.deployment = deployment;
        this.sender = sender;
    }

    /// <summary>Registers an agent of the account.</summary>
    /// <param name="agentUri">Where the agent's registration file is (ERC-8004); may be empty. It is public for ever.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <returns>The agent; <see cref="EthereumDeployment.FormatDid"/> gives its DID.</returns>
    /// <exception cref="EthereumTransactionException">It was not sent, or did not do what it should.</exception>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public async ValueTask<UInt256> RegisterAsync(string agentUri, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(agentUri);
        byte[] data = new AbiWriter(Register.Selector).String(agentUri).ToArray();
        TransactionReceipt receipt = await ExecuteAsync(deployment.IdentityRegistry, data, cancellationToken).ConfigureAwait(false);
        foreach (EthereumLog log in receipt.Logs)
        {
            if (log.Address == deployment.IdentityRegistry
                && Registered.TryDecode([.. log.Topics.Select(topic => (ReadOnlyMemory<byte>)topic.ToArray())], log.Data.Span, out IReadOnlyList<AbiValue>? arguments))
            {
                return arguments[0].Number!.Value;
            }
        }

        throw new EthereumRpcException(EthereumRpcError.InvalidResponse, $"The receipt of {receipt.TransactionHash} does not say which agent was registered.");
    }

    /// <summary>Adds keys behind those that are listed, all or none; at most 16 are listed at a time.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="keys">The keys, proven for the agent's present owner.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <exception cref="AgentRegistryException">The contract refuses.</exception>
    /// <exception cref="EthereumTransactionException">It was not sent, or did not do what it should.</exception>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public ValueTask<TransactionReceipt> AddKeysAsync(UInt256 agentId, IReadOnlyList<NewAgentKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        AbiWriter writer = new AbiWriter(AddKeys.Selector).Number(agentId).BeginArray(keys.Count);
        foreach (NewAgentKey key in keys)
        {
            key.WriteTo(writer);
        }

        return WriteAsync(writer.End(), cancellationToken);
    }

    /// <summary>Puts a key before all others and revokes another in the same moment.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="oldKeyId">The key to revoke, or the default value to keep all for an overlap.</param>
    /// <param name="key">The new key.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <inheritdoc cref="AddKeysAsync" path="/exception"/>
    public ValueTask<TransactionReceipt> RotateKeyAsync(UInt256 agentId, EthereumHash oldKeyId, NewAgentKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        AbiWriter writer = new AbiWriter(RotateKey.Selector).Number(agentId).FixedBytes(oldKeyId.ToArray());
        key.WriteTo(writer);
        return WriteAsync(writer, cancellationToken);
    }

    /// <summary>Revokes a key for good.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <inheritdoc cref="AddKeysAsync" path="/exception"/>
    public ValueTask<TransactionReceipt> RevokeKeyAsync(UInt256 agentId, EthereumHash keyId, CancellationToken cancellationToken = default) =>
        WriteAsync(new AbiWriter(RevokeKey.Selector).Number(agentId).FixedBytes(keyId.ToArray()), cancellationToken);

    /// <summary>Revokes a key for good because the key itself says so; any account may carry that to the chain.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="key">A secp256k1 key, or a P-256 key where the chain can check its signatures.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <exception cref="ArgumentException">The key is of another algorithm.</exception>
    /// <inheritdoc cref="AddKeysAsync" path="/exception"/>
    public ValueTask<TransactionReceipt> RevokeKeyBySignatureAsync(UInt256 agentId, PrivateKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte type = ChainKeyType.Of(key.Algorithm);
        if (type is not (ChainKeyType.Secp256k1 or ChainKeyType.P256))
        {
            throw new ArgumentException($"No chain checks the signature of a {key.Algorithm.Name} key.", nameof(key));
        }

        EthereumHash keyId = KeyMessages.KeyId(type, ChainKeyType.Encode(key.PublicKey));
        byte[] signature = NewAgentKey.Sign(key, new KeyMessages(deployment).Revocation(agentId, keyId));
        return WriteAsync(new AbiWriter(RevokeKeyBySignature.Selector).Number(agentId).FixedBytes(keyId.ToArray()).Bytes(signature), cancellationToken);
    }

    /// <summary>Revokes all keys for good.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <inheritdoc cref="AddKeysAsync" path="/exception"/>
    public ValueTask<TransactionReceipt> RevokeAllAsync(UInt256 agentId, CancellationToken cancellationToken = default) =>
        WriteAsync(new AbiWriter(RevokeAll.Selector).Number(agentId), cancellationToken);

    /// <summary>Deactivates an agent, or activates it again.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="isActive">Whether its keys count.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <inheritdoc cref="AddKeysAsync" path="/exception"/>
    public ValueTask<TransactionReceipt> SetActiveAsync(UInt256 agentId, bool isActive, CancellationToken cancellationToken = default) =>
        WriteAsync(new AbiWriter(SetActive.Selector).Number(agentId).Bool(isActive), cancellationToken);

    /// <summary>
    /// Gives an agent of the account to another owner (ERC-721 <c>safeTransferFrom</c>). No key of the agent counts any more until the new
    /// owner adds some, and what the former owner listed counts again should the agent come back before that.
    /// </summary>
    /// <param name="agentId">The agent; the account must own it.</param>
    /// <param name="newOwner">An account, or a contract that takes ERC-721 tokens.</param>
    /// <param name="cancellationToken">Gives up waiting; a transaction that was sent stays sent.</param>
    /// <exception cref="AgentRegistryException">The identity registry refuses.</exception>
    /// <exception cref="EthereumTransactionException">It was not sent, or did not do what it should.</exception>
    /// <exception cref="EthereumRpcException">The node failed.</exception>
    public ValueTask<TransactionReceipt> TransferAsync(UInt256 agentId, EthereumAddress newOwner, CancellationToken cancellationToken = default) =>
        WriteAsync(deployment.IdentityRegistry, new AbiWriter(Transfer.Selector).Address(sender.Address).Address(newOwner).Number(agentId), cancellationToken);

    private ValueTask<TransactionReceipt> WriteAsync(AbiWriter call, CancellationToken cancellationToken) =>
        WriteAsync(deployment.KeyRegistry, call, cancellationToken);

    private async ValueTask<TransactionReceipt> WriteAsync(EthereumAddress contract, AbiWriter call, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteAsync(contract, call.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (EthereumTransactionException e) when (e.Error is EthereumTransactionError.WouldRevert or EthereumTransactionError.Reverted)
        {
            RevertReason reason = Errors.Read(e.RevertData.Span);
            throw new AgentRegistryException(ToError(reason), $"The {(contract == deployment.KeyRegistry ? "key" : "identity")} registry refuses: {reason.Message}.", e);
        }
    }

    private ValueTask<TransactionReceipt> ExecuteAsync(EthereumAddress contract, byte[] data, CancellationToken cancellationToken) =>
        sender.ExecuteAsync(new TransactionDraft { To = contract, Data = data }, cancellationToken);

    private static AgentRegistryError ToError(RevertReason reason) => reason.Error?.Name switch
    {
        "NotAuthorized" or "ERC721InsufficientApproval" or "ERC721IncorrectOwner" => AgentRegistryError.NotAuthorized,
        "MalformedKey" => AgentRegistryError.MalformedKey,
        "InvalidPurposes" => AgentRegistryError.InvalidPurposes,
        "InvalidProof" => AgentRegistryError.InvalidProof,
        "KeyAlreadyKnown" => AgentRegistryError.KeyAlreadyKnown,
        "KeyUnknown" or "KeyNotActive" => AgentRegistryError.KeyNotActive,
        "TooManyKeys" => AgentRegistryError.TooManyKeys,
        "ERC721NonexistentToken" => AgentRegistryError.NoSuchAgent,
        "ERC721InvalidReceiver" => AgentRegistryError.InvalidReceiver,
        _ => AgentRegistryError.Other,
    };
}
