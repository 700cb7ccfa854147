namespace Sage.HttpSignatures;

/// <summary>What a verifier is, apart from its policy.</summary>
public sealed class HttpMessageVerifierOptions
{
    /// <summary>
    /// The name of this verifier in the scope of nonces: its own DID, say. Verifiers that share a nonce store and a name
    /// accept a nonce once among them all.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>Fetches the key directories of signers, for policies that take keys from there; the caller disposes it.</summary>
    public KeyDirectoryClient? KeyDirectories { get; init; }
}
