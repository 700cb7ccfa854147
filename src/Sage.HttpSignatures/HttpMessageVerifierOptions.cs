using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>What a verifier is, apart from its policy.</summary>
public sealed class HttpMessageVerifierOptions
{
    /// <summary>
    /// The name of this verifier in the scope of nonces: its own DID, say. Verifiers that share a nonce store and a name
    /// accept a nonce once among them all.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Secrets shared with signers, by the <c>keyid</c> that names each; looked at only under a policy with
    /// <see cref="SignaturePolicy.AllowHmac"/>, and then before the key resolver. The caller disposes them.
    /// </summary>
    public IReadOnlyDictionary<string, HmacKey> SharedKeys { get; init; } = new Dictionary<string, HmacKey>();

    /// <summary>Fetches the key directories of signers, for policies that take keys from there; the caller disposes it.</summary>
    public KeyDirectoryClient? KeyDirectories { get; init; }
}
