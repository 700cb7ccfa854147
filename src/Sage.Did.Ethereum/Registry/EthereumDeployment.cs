namespace Sage.Did.Ethereum;

/// <summary>
/// Where agents are registered: a chain, an ERC-8004 identity registry on it, and the key registry that belongs to it. Its agents
/// are <c>did:sage:eip155:&lt;chainId&gt;:&lt;identity&gt;:&lt;agentId&gt;</c> (SAGE profile P1 §6.2).
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class EthereumDeployment
{
    private const string Root = "did:sage:eip155:";

    private readonly string prefix;

    /// <summary>Names a deployment. Nothing is asked; the resolver checks it against the chain.</summary>
    /// <param name="chainId">The chain id (EIP-155), not 0.</param>
    /// <param name="identityRegistry">The address of the identity registry.</param>
    /// <param name="keyRegistry">The address of the key registry.</param>
    /// <exception cref="ArgumentException">The chain id or an address is zero, or both addresses are the same.</exception>
    public EthereumDeployment(ulong chainId, EthereumAddress identityRegistry, EthereumAddress keyRegistry)
    {
        if (chainId == 0 || identityRegistry.IsZero || keyRegistry.IsZero || identityRegistry == keyRegistry)
        {
            throw new ArgumentException("A deployment has a chain id and two different addresses, none of them zero.");
        }

        ChainId = chainId;
        IdentityRegistry = identityRegistry;
        KeyRegistry = keyRegistry;
        prefix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Root}{chainId}:{identityRegistry.ToLowerHex()}:");
    }

    /// <summary>The chain id (EIP-155).</summary>
    public ulong ChainId { get; }

    /// <summary>The ERC-8004 identity registry: who owns which agent.</summary>
    public EthereumAddress IdentityRegistry { get; }

    /// <summary>The key registry: which keys an agent has.</summary>
    public EthereumAddress KeyRegistry { get; }

    /// <summary>How the DIDs of here begin, without <c>did:</c> and the last colon: the name in a <see cref="DidResolverChain"/>.</summary>
    internal string MethodName => prefix[4..^1];

    /// <summary>The DID of an agent; the address in lower case, the numbers in decimal.</summary>
    /// <param name="agentId">The agent's token in the identity registry.</param>
    public AgentDid FormatDid(UInt256 agentId) => AgentDid.Parse(prefix + agentId);

    /// <summary>Reads the agent from a DID of this deployment, in the one spelling that <see cref="FormatDid"/> writes.</summary>
    /// <param name="did">The DID.</param>
    /// <param name="agentId">The agent's token in the identity registry.</param>
    /// <returns><see langword="false"/> if the DID is of another deployment, no chain, or spelled otherwise.</returns>
    public bool TryParseDid(AgentDid did, out UInt256 agentId)
    {
        agentId = default;
        return did.Value.StartsWith(prefix, StringComparison.Ordinal) && UInt256.TryParse(did.Value.AsSpan(prefix.Length), out agentId);
    }

    /// <summary>Chain and addresses.</summary>
    public override string ToString() => $"eip155:{ChainId}, identity {IdentityRegistry}, keys {KeyRegistry}";

    /// <summary>Why a DID that <see cref="TryParseDid"/> refuses is none of here: another place, or no DID of an agent in this spelling.</summary>
    internal static DidResolutionStatus Refuse(AgentDid did) => SageDid.TryParse(did.Value, out SageDid? parts)
        && (parts.Chain != "eip155" || IsCanonical(parts.Identifier))
        ? DidResolutionStatus.NotFound
        : DidResolutionStatus.Invalid;

    // One agent has one DID: a second spelling would be a second identity with the same keys.
    private static bool IsCanonical(string identifier) => identifier.Split(':') is [var chainId, var identity, var agentId]
        && ulong.TryParse(chainId, out _)
        && EthereumAddress.TryParse(identity, out EthereumAddress address) && address.ToLowerHex() == identity
        && UInt256.TryParse(agentId, out _);
}
