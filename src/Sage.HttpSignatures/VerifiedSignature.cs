using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>A signature that counts, and what it says. Only what it covers may be taken as said by the signer.</summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class VerifiedSignature
{
    internal VerifiedSignature(string label, string subject, string keyId, PublicKey? key, string algorithm, IReadOnlyList<SignatureComponent> components)
    {
        Label = label;
        Subject = subject;
        KeyId = keyId;
        Key = key;
        Algorithm = algorithm;
        Components = components;
    }

    /// <summary>The label, chosen by the sender; it means nothing by itself.</summary>
    public string Label { get; }

    /// <summary>Who signed, as the source of the key says: a DID, or the URL of a key directory. Never the raw <c>keyid</c> unless the key was shared under that name.</summary>
    public string Subject { get; }

    /// <summary>The <c>keyid</c> as received; empty when there was none.</summary>
    public string KeyId { get; }

    /// <summary>The key that verified it; <see langword="null"/> for a shared secret.</summary>
    public PublicKey? Key { get; }

    /// <summary>The name of the algorithm in the IANA registry, or <c>es256k</c>.</summary>
    public string Algorithm { get; }

    /// <summary>What is covered, in the order of the signature.</summary>
    public IReadOnlyList<SignatureComponent> Components { get; }

    /// <summary>When it was made, by the signer's clock.</summary>
    public DateTimeOffset? Created => Time(CreatedSeconds);

    /// <summary>Until when the signer wants it to count.</summary>
    public DateTimeOffset? Expires => Time(ExpiresSeconds);

    /// <summary>The nonce.</summary>
    public string? Nonce { get; internal init; }

    /// <summary>The tag.</summary>
    public string? Tag { get; internal init; }

    /// <summary>Whether a component is covered, by name and exact parameters.</summary>
    /// <param name="component">The component.</param>
    public bool Covers(SignatureComponent component) => Components.Contains(component);

    internal long? CreatedSeconds { get; init; }

    internal long? ExpiresSeconds { get; init; }

    private static DateTimeOffset? Time(long? seconds) => seconds is { } value ? DateTimeOffset.FromUnixTimeSeconds(value) : null;
}
