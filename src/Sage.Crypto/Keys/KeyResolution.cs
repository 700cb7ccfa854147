namespace Sage.Crypto;

/// <summary>The answer of an <see cref="IKeyResolver"/>. Immutable.</summary>
public sealed class KeyResolution
{
    /// <summary>How the resolution ended; only <see cref="KeyResolutionStatus.Resolved"/> carries keys.</summary>
    public required KeyResolutionStatus Status { get; init; }

    /// <summary>The identity the keys belong to (a DID), when the status is <see cref="KeyResolutionStatus.Resolved"/>.</summary>
    public string? Subject { get; init; }

    /// <summary>The candidate keys, best first; empty unless resolved.</summary>
    public IReadOnlyList<PublicKey> Keys { get; init; } = [];

    /// <summary>Where the answer is from, for example <c>file</c> or <c>did:key</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The version of the record behind the answer, if it has one.</summary>
    public string? Version { get; init; }

    /// <summary>When the source was last seen to say so; the caller compares its age with what its policy accepts.</summary>
    public DateTimeOffset ObservedAt { get; init; }
}
