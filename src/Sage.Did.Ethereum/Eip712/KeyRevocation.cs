using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Internal;

namespace Sage.Did.Ethereum.Eip712;

/// <summary>What a key signs to revoke itself, so that anybody may bring it to the chain.</summary>
/// <param name="AgentId">The agent in the identity registry.</param>
/// <param name="KeyId">The registry's id of the key, 32 bytes.</param>
internal sealed record KeyRevocation(UInt256 AgentId, ReadOnlyMemory<byte> KeyId)
{
    private static readonly byte[] TypeHash = Keccak.Hash("KeyRevocation(uint256 agentId,bytes32 keyId)"u8);

    /// <summary>The hash of the struct, for <see cref="Eip712Domain.Message"/> and <see cref="Eip712Domain.Digest"/> of the key registry's domain.</summary>
    /// <exception cref="InvalidOperationException">The key id is not 32 bytes.</exception>
    public byte[] StructHash() => KeyId.Length == AbiWord.Size
        ? Keccak.Hash(new AbiWriter().FixedBytes(TypeHash).Number(AgentId).FixedBytes(KeyId.Span).ToArray())
        : throw new InvalidOperationException("A key id is 32 bytes.");
}
