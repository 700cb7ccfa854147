using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>How the requests of one <see cref="HttpClient"/> are signed.</summary>
public sealed class HttpMessageSigningOptions
{
    /// <summary>The name of the key in the <see cref="IKeyStore"/>; <c>signing</c> unless told. It is read once, at the first request.</summary>
    public string KeyName { get; set; } = "signing";

    /// <summary>Signs instead of a key of the store: a KMS or HSM, say.</summary>
    public ISigner? Signer { get; set; }

    /// <summary>What verifiers find the key by, at most 512 printable ASCII characters; the DID of this agent unless told.</summary>
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

    /// <summary>Which requests are signed; all of them unless told.</summary>
    public HttpSigningMode Mode { get; set; } = HttpSigningMode.Always;

    /// <summary>Whether a 401 or 403 with <c>Accept-Signature</c> is answered, as <see cref="HttpSigningHandlerOptions.AnswerChallenges"/> says.</summary>
    public bool AnswerChallenges { get; set; } = true;

    /// <summary>The <c>keyid</c> of an agent with this DID.</summary>
    internal string? KeyIdOf(string? did) => KeyId ?? (KeyFragment is null || did is null ? did : $"{did}#{KeyFragment}");
}
