using Sage.Crypto;

namespace Sage.Interop.Tests.Judges;

/// <summary>An algorithm that is judged: its name in RFC 9421 §3.3 and the kind of its keys.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Key">The algorithm of the key.</param>
internal sealed record JudgeAlgorithm(string Name, KeyAlgorithm Key)
{
    /// <summary>
    /// Every algorithm of RFC 9421 that messages are signed with here; a new one is added here and nowhere else. Not among
    /// them is <c>hmac-sha256</c>, for which signers and verifiers of messages take no key yet.
    /// </summary>
    public static IReadOnlyList<JudgeAlgorithm> All { get; } =
    [
        new("ed25519", KeyAlgorithm.Ed25519),
        new("ecdsa-p256-sha256", KeyAlgorithm.P256),
        new("ecdsa-p384-sha384", KeyAlgorithm.P384),
        new("rsa-pss-sha512", KeyAlgorithm.RsaPssSha512),
        new("rsa-v1_5-sha256", KeyAlgorithm.RsaV15Sha256),
    ];

    public bool IsKnownToWebBotAuth => Key == KeyAlgorithm.Ed25519 || Key == KeyAlgorithm.RsaPssSha512;

    /// <summary>http-message-signatures takes the longest salt that fits instead of 64 bytes (<see cref="JudgeDefectTests"/>).</summary>
    public bool IsSignedRightBy(string library) => Key != KeyAlgorithm.RsaPssSha512 || library != JudgeCases.HttpMessageSignatures;
}
