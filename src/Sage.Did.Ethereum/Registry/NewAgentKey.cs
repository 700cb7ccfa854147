using Sage.Crypto;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>A key to register for an agent, with the proof that whoever asks for it holds it.</summary>
/// <remarks>Immutable. The proof names the chain, the key registry, the agent and its owner, so it is worth nothing elsewhere.</remarks>
public sealed class NewAgentKey
{
    private readonly byte[] encoded;
    private readonly byte[] proof;

    private NewAgentKey(PublicKey publicKey, AgentKeyPurposes purposes, byte[] encoded, byte[] proof)
    {
        PublicKey = publicKey;
        Purposes = purposes;
        Type = ChainKeyType.Of(publicKey.Algorithm);
        this.encoded = encoded;
        this.proof = proof;
        KeyId = KeyMessages.KeyId(Type, encoded);
    }

    /// <summary>The key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>What it is for.</summary>
    public AgentKeyPurposes Purposes { get; }

    /// <summary>Its name in the registry: the Keccak-256 of its type and its encoding.</summary>
    public EthereumHash KeyId { get; }

    /// <summary>The type's number in the registry.</summary>
    internal byte Type { get; }

    /// <summary>Proves a signing key for an agent and its present owner.</summary>
    /// <param name="deployment">Where the agent is registered.</param>
    /// <param name="agentId">The agent.</param>
    /// <param name="owner">Who owns the agent; a key proven for one owner is refused for another.</param>
    /// <param name="key">A secp256k1, P-256 or Ed25519 key.</param>
    /// <param name="purposes">Authentication, assertion or both.</param>
    /// <exception cref="ArgumentException">The key is of another algorithm, or cannot serve these purposes.</exception>
    public static NewAgentKey Prove(EthereumDeployment deployment, UInt256 agentId, EthereumAddress owner, PrivateKey key, AgentKeyPurposes purposes)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(key);
        byte type = ChainKeyType.Of(key.Algorithm);
        if (!key.Algorithm.CanSign || purposes == 0 || (purposes & ~(AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion)) != 0)
        {
            throw new ArgumentException("A signing key is for authentication, assertion or both; an X25519 key proves nothing.", nameof(purposes));
        }

        byte[] encoded = ChainKeyType.Encode(key.PublicKey);
        byte[] message = new KeyMessages(deployment).Proof(agentId, owner, type, (byte)purposes, encoded);
        return new NewAgentKey(key.PublicKey, purposes, encoded, Sign(key, message));
    }

    /// <summary>Takes an X25519 key, which stands on the word of the agent's owner.</summary>
    /// <param name="key">The X25519 key.</param>
    /// <exception cref="ArgumentException">The key is of another algorithm.</exception>
    public static NewAgentKey ForAgreement(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm == KeyAlgorithm.X25519
            ? new NewAgentKey(key, AgentKeyPurposes.KeyAgreement, ChainKeyType.Encode(key), [])
            : throw new ArgumentException($"A {key.Algorithm.Name} key does not agree on secrets; use an X25519 key.", nameof(key));
    }

    /// <summary>The form contracts take: for secp256k1 r, s, v with v 27 or 28.</summary>
    internal static byte[] Sign(PrivateKey key, ReadOnlySpan<byte> message)
    {
        byte[] signature = key.Sign(message);
        return key.Algorithm == KeyAlgorithm.Secp256k1 ? EthereumSignature.FromBytes(signature).ToArray() : signature;
    }

    /// <summary>Writes (uint8 keyType, uint8 purposes, bytes publicKey, bytes proof).</summary>
    internal void WriteTo(AbiWriter writer) => writer.BeginTuple().Number(Type).Number((ulong)Purposes).Bytes(encoded).Bytes(proof).End();
}
