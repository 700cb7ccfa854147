using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>How the requests of one <see cref="HttpClient"/> are signed.</summary>
public sealed class HttpMessageSigningOptions
{
    /// <summary>The name of the key in the <see cref="IKeyStore"/>; <c>signing</c> unless told. It is read once, at the first request.</summary>
    public string KeyName { get; set; } = "signing";

    /// <summary>Signs instead of a key of the store: a KMS or HSM, say.</summary>
    public ISigner? Signer { get; set; }

    /// <summary>
    /// What verifiers find the key by, at most 512 printable ASCII characters. Unless told: the DID of this agent or, for a policy
    /// that takes keys from a directory (<see cref="SignaturePolicy.WebBotAuth"/>), the thumbprint of the key.
    /// </summary>
    public string? KeyId { get; set; }

    /// <summary>
    /// The name of the key within the DID of this agent, without <c>#</c>: <c>key-1</c> is the form of SAGE profile P1. Without
    /// it the DID alone is sent, which stands for the agent's handshake key.
    /// </summary>
    public string? KeyFragment { get; set; }

    /// <summary>What signatures look like.</summary>
    public SignaturePolicy Policy { get; set; } = SignaturePolicy.Default;

    /// <summary>The digest of bodies; SHA-256 unless told.</summary>
    public DigestAlgorithm Digest { get; set; } = DigestAlgorithm.Sha256;

    /// <summary>The origin that serves our key directory, for policies that take keys from there.</summary>
    public Uri? SignatureAgent { get; set; }

    /// <summary>The form of <c>Signature-Agent</c> that the verifier understands.</summary>
    public SignatureAgentForm SignatureAgentForm { get; set; } = SignatureAgentForm.Dictionary;

    /// <summary>Which requests are signed; all of them unless told.</summary>
    public HttpSigningMode Mode { get; set; } = HttpSigningMode.Always;

    /// <summary>Whether a 401 or 403 with <c>Accept-Signature</c> is answered, as <see cref="HttpSigningHandlerOptions.AnswerChallenges"/> says.</summary>
    public bool AnswerChallenges { get; set; } = true;

    /// <summary>Whether verifiers find the key by its thumbprint.</summary>
    internal bool UsesThumbprint => Policy.KeysFromSignatureAgent && KeyId is null && KeyFragment is null;

    /// <summary>The <c>keyid</c> of an agent with this DID.</summary>
    internal string? KeyIdOf(string? did) => KeyId ?? (KeyFragment is null || did is null ? did : $"{did}#{KeyFragment}");
}
