using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>This agent: its DID, what signs for it, and the key others encrypt to. The caller owns and disposes the keys.</summary>
public sealed class LocalAgent
{
    /// <summary>Describes this agent.</summary>
    /// <param name="did">The agent's DID.</param>
    /// <param name="signer">
    /// The signing key others take from the agent's record: its first proven secp256k1 key, else its first proven Ed25519 key.
    /// </param>
    /// <param name="keyAgreementKey">The X25519 key of the record; needed to answer sessions, not to open them.</param>
    /// <exception cref="ArgumentException">A key is of a kind that the profile does not use for this.</exception>
    public LocalAgent(AgentDid did, ISigner signer, PrivateKey? keyAgreementKey = null)
    {
        ArgumentNullException.ThrowIfNull(signer);
        if (did == default)
        {
            throw new ArgumentException("The DID is default(AgentDid).", nameof(did));
        }

        if (signer.PublicKey.Algorithm != KeyAlgorithm.Ed25519 && signer.PublicKey.Algorithm != KeyAlgorithm.Secp256k1)
        {
            throw new ArgumentException("An agent signs with an Ed25519 or a secp256k1 key.", nameof(signer));
        }

        if (keyAgreementKey is { Algorithm.CanAgree: false })
        {
            throw new ArgumentException("The key agreement key must be an X25519 key.", nameof(keyAgreementKey));
        }

        Did = did;
        Signer = signer;
        KeyAgreementKey = keyAgreementKey;
    }

    /// <summary>The agent's DID.</summary>
    public AgentDid Did { get; }

    /// <summary>Signs for the agent.</summary>
    public ISigner Signer { get; }

    /// <summary>The key others encrypt handshakes to, or <see langword="null"/> for an agent that only opens sessions.</summary>
    public PrivateKey? KeyAgreementKey { get; }
}
