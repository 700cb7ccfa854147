namespace Sage.HttpSignatures;

/// <summary>What is different for one message. Immutable.</summary>
public sealed record SigningOverrides
{
    /// <summary>The policy of this message instead of the signer's.</summary>
    public SignaturePolicy? Policy { get; init; }

    /// <summary>Components to cover besides those of the policy; each must be in the message.</summary>
    public IReadOnlyList<SignatureComponent> AdditionalComponents { get; init; } = [];

    /// <summary>The nonce, at most 1024 printable ASCII characters; random when not given.</summary>
    public string? Nonce { get; init; }

    /// <summary>The label instead of the policy's.</summary>
    public string? Label { get; init; }

    /// <summary>The tag instead of the policy's.</summary>
    public string? Tag { get; init; }
}
