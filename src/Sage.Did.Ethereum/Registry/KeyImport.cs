using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>Takes keys that a registry lists, and checks the proofs that the chain could not check.</summary>
internal sealed class KeyImport(EthereumDeployment deployment)
{
    private readonly KeyMessages messages = new(deployment);

    /// <summary>The key; null if it is none that this library takes, cannot be for what it says, or its holder never proved to have it.</summary>
    public PublicKey? Import(UInt256 agentId, EthereumAddress owner, byte type, byte purposes, bool isProven, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> proof)
    {
        if (ChainKeyType.ToAlgorithm(type) is not { } algorithm || !PublicKey.TryImport(algorithm, encoded, out PublicKey? key))
        {
            return null;
        }

        AgentKeyPurposes allowed = algorithm.CanAgree ? AgentKeyPurposes.KeyAgreement : AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;
        if (purposes == 0 || ((AgentKeyPurposes)purposes & ~allowed) != 0)
        {
            return null;
        }

        // An X25519 key proves nothing; it stands on the word of the owner. No chain verifies Ed25519, whatever it says.
        bool isGood = type switch
        {
            ChainKeyType.X25519 => true,
            ChainKeyType.Secp256k1 => isProven,
            ChainKeyType.P256 when isProven => true,
            _ => key.Verify(messages.Proof(agentId, owner, type, purposes, encoded), proof),
        };
        return isGood ? key : null;
    }

    /// <summary>The key of a log.</summary>
    public ProjectedKey Project(UInt256 agentId, EthereumAddress owner, RegisteredKey key) => new(
        key,
        new ChainKey(
            key.KeyId,
            (AgentKeyPurposes)key.Purposes,
            Import(agentId, owner, key.Type, key.Purposes, key.IsProven, key.Encoded.Span, key.Proof.Span)));
}
