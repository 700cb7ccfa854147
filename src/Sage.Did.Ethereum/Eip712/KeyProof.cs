using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Internal;

namespace Sage.Did.Ethereum.Eip712;

/// <summary>What a key signs to prove that its holder wants it among an agent's keys.</summary>
/// <param name="AgentId">The agent in the identity registry.</param>
/// <param name="Owner">The owner of the agent.</param>
/// <param name="KeyType">The registry's number of the key's algorithm.</param>
/// <param name="Purposes">What the key may be used for, as the registry's bits.</param>
/// <param name="PublicKey">The key in the registry's encoding.</param>
internal sealed record KeyProof(UInt256 AgentId, EthereumAddress Owner, byte KeyType, byte Purposes, ReadOnlyMemory<byte> PublicKey)
{
    private static readonly byte[] TypeHash = Keccak.Hash("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)"u8);

    /// <summary>The hash of the struct, for <see cref="Eip712Domain.Message"/> and <see cref="Eip712Domain.Digest"/> of the key registry's domain.</summary>
    public byte[] StructHash() => Keccak.Hash(new AbiWriter()
        .FixedBytes(TypeHash)
        .Number(AgentId)
        .Address(Owner)
        .Number(KeyType)
        .Number(Purposes)
        .FixedBytes(Keccak.Hash(PublicKey.Span))
        .ToArray());
}
