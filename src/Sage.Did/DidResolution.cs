using Sage.Crypto;

namespace Sage.Did;

/// <summary>The answer of an <see cref="IDidResolver"/>: what the source says of a DID, and when it said so.</summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class DidResolution
{
    /// <summary>Makes a resolution.</summary>
    /// <param name="did">The DID that was asked for.</param>
    /// <param name="status">How the resolution ended.</param>
    /// <param name="source">Where the answer is from, for example <c>file</c>, <c>memory</c> or <c>did:key</c>.</param>
    /// <param name="observedAt">When the source was last seen to say so.</param>
    public DidResolution(AgentDid did, DidResolutionStatus status, string source, DateTimeOffset observedAt)
    {
        Did = did;
        Status = status;
        Source = source;
        ObservedAt = observedAt;
    }

    /// <summary>The DID that was asked for.</summary>
    public AgentDid Did { get; }

    /// <summary>How the resolution ended; only <see cref="DidResolutionStatus.Resolved"/> carries keys.</summary>
    public DidResolutionStatus Status { get; }

    /// <summary>Where the answer is from.</summary>
    public string Source { get; }

    /// <summary>When the source was last seen to say so.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>The registry record behind the answer, if the source has records and knows the DID.</summary>
    public AgentRecord? Record { get; init; }

    /// <summary>The key of the handshake (SAGE profile P1 §6.3), or <see langword="null"/>.</summary>
    public PublicKey? HandshakeSigningKey => Status == DidResolutionStatus.Resolved ? Record?.HandshakeSigningKey : null;

    /// <summary>The key agreement key, or <see langword="null"/>.</summary>
    public PublicKey? KeyAgreementKey => Status == DidResolutionStatus.Resolved ? Record?.KeyAgreementKey : null;

    /// <summary>The base URL of the agent, or <see langword="null"/>.</summary>
    public string? Endpoint => Status == DidResolutionStatus.Resolved ? Record?.Endpoint : null;

    /// <summary>How long ago the source was seen to say so.</summary>
    /// <param name="now">The present time.</param>
    public TimeSpan AgeAt(DateTimeOffset now) => now - ObservedAt;

    /// <summary>Finds the usable signing key that a fragment names.</summary>
    /// <param name="fragment">The fragment without <c>#</c>.</param>
    /// <returns>The key, or <see langword="null"/>.</returns>
    public PublicKey? FindSigningKey(string fragment) => Status == DidResolutionStatus.Resolved ? Record?.FindSigningKey(fragment) : null;
}
