namespace Sage.Crypto;

/// <summary>
/// What a signature is for. SAGE profile P1 signs several kinds of bytes with one key and no common prefix, so every
/// signer is told the purpose and refuses bytes that do not have that purpose's shape
/// (<see cref="SigningPurposeExtensions.Accepts"/>). The set is closed.
/// </summary>
public enum SigningPurpose
{
    /// <summary>The JSON payload of a handshake initiation (SAGE profile P1 §4.6).</summary>
    HandshakeInitiation,

    /// <summary>The canonical 12-member handshake response (SAGE profile P1 §4.7).</summary>
    HandshakeResponse,

    /// <summary>An encrypted session record in its envelope (SAGE profile P1 §5.6).</summary>
    SessionRecord,

    /// <summary>An RFC 9421 signature base.</summary>
    HttpMessage,

    /// <summary>A canonical agent card without its proof (SAGE profile P1 §7).</summary>
    AgentCard,

    /// <summary>
    /// The key proof-of-possession challenge <c>SAGE-PoP:…</c> (SAGE profile P1 §6.4). The signer signs its SHA-256:
    /// as the message with Ed25519, as the digest with secp256k1.
    /// </summary>
    ProofOfPossession,

    /// <summary>A registry write <c>SAGE-Registry:v1\n…</c>, signed by the owner of a DID.</summary>
    RegistryWrite,

    /// <summary>
    /// Application bytes that nobody could take for one of the other purposes. Refused are, besides their shapes, exactly
    /// 32 bytes, anything that begins with <c>SAGE-</c>, and text that begins with a brace without being a JSON object of
    /// at most 1024 members, each there once.
    /// </summary>
    Application,
}
