using Sage.Crypto;

namespace Sage.Interop.Tests.Judges;

/// <summary>An algorithm that is judged: its name in RFC 9421 §3.3 and the kind of its keys.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Key">The algorithm of the key.</param>
internal sealed record JudgeAlgorithm(string Name, KeyAlgorithm Key)
{
    /// <summary>Every algorithm of RFC 9421 that Sage has keys for; a new one is added here and nowhere else.</summary>
    public static IReadOnlyList<JudgeAlgorithm> All { get; } =
    [
        new("ed25519", KeyAlgorithm.Ed25519),
        new("ecdsa-p256-sha256", KeyAlgorithm.P256),
    ];

    /// <summary>What web-bot-auth knows besides is rsa-pss-sha512.</summary>
    public bool IsKnownToWebBotAuth => Name == "ed25519";
}
