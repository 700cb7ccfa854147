using Sage.Crypto.Internal.Backend;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>
/// What keys sign for the key registry: 0x1901, the domain separator and the struct hash of EIP-712, 66 bytes. Each algorithm
/// applies its own digest to them, so that for secp256k1 the result is the signature of EIP-712.
/// </summary>
internal sealed class KeyMessages
{
    private static readonly byte[] DomainType = Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"u8);
    private static readonly byte[] ProofType = Hash("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)"u8);
    private static readonly byte[] RevocationType = Hash("KeyRevocation(uint256 agentId,bytes32 keyId)"u8);
    private static readonly byte[] Name = Hash("SageKeyRegistry"u8);
    private static readonly byte[] Version = Hash("1"u8);

    private readonly byte[] domain;

    public KeyMessages(EthereumDeployment deployment) => domain = Hash(new AbiWriter()
        .FixedBytes(DomainType).FixedBytes(Name).FixedBytes(Version).Number(deployment.ChainId).Address(deployment.KeyRegistry).ToArray());

    /// <summary>What a new key signs: that it is for this agent while this owner has it.</summary>
    public byte[] Proof(UInt256 agentId, EthereumAddress owner, byte keyType, byte purposes, ReadOnlySpan<byte> publicKey) => Message(new AbiWriter()
        .FixedBytes(ProofType).Number(agentId).Address(owner).Number(keyType).Number(purposes).FixedBytes(Hash(publicKey)).ToArray());

    /// <summary>What a key signs to revoke itself.</summary>
    public byte[] Revocation(UInt256 agentId, EthereumHash keyId) => Message(new AbiWriter()
        .FixedBytes(RevocationType).Number(agentId).FixedBytes(keyId.ToArray()).ToArray());

    /// <summary>The name that the registry gives a key: the Keccak-256 of its type and its encoding.</summary>
    public static EthereumHash KeyId(byte keyType, ReadOnlySpan<byte> publicKey) => EthereumHash.FromBytes(Hash([keyType, .. publicKey]));

    private byte[] Message(ReadOnlySpan<byte> structure) => [0x19, 0x01, .. domain, .. Hash(structure)];

    private static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[Keccak256.Size];
        Keccak256.Hash(data, hash);
        return hash;
    }
}
