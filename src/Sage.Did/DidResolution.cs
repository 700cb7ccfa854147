using Sage.Crypto;
using Sage.Did.Internal;

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
        ArgumentNullException.ThrowIfNull(source);
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

    /// <summary>The document, when the status is <see cref="DidResolutionStatus.Resolved"/>; that of the record unless set.</summary>
    public DidDocument? Document
    {
        get => Status != DidResolutionStatus.Resolved ? null : field ?? (Record is { } record && record.Did == Did ? record.Document : null);
        init;
    }

    /// <summary>The version of the record, or <see langword="null"/>.</summary>
    public string? VersionId => Record?.VersionId;

    /// <summary>
    /// The key that signs for the agent where no key is named (SAGE profile P1 §3.5): the first usable secp256k1 key, else
    /// the first usable Ed25519 key, else <see langword="null"/>.
    /// </summary>
    public PublicKey? HandshakeSigningKey => Document?.HandshakeSigningKey;

    /// <summary>The X25519 key to agree on secrets with, or <see langword="null"/>.</summary>
    public PublicKey? KeyAgreementKey => Document?.KeyAgreementKey;

    /// <summary>The base URL of the agent as text, or <see langword="null"/>; whoever connects checks it.</summary>
    public string? Endpoint => Document?.Services is [DidService first, ..] ? first.Endpoint : null;

    /// <summary>The answer that a registry record gives; the status follows from the record alone.</summary>
    /// <param name="did">The DID that was asked for; the record must be of exactly this DID.</param>
    /// <param name="record">The record.</param>
    /// <param name="source">Where the record is from.</param>
    /// <param name="observedAt">When it was seen there.</param>
    public static DidResolution FromRecord(AgentDid did, AgentRecord record, string source, DateTimeOffset observedAt)
    {
        ArgumentNullException.ThrowIfNull(record);
        DidResolutionStatus status = record.Did != did || !record.IsValid ? DidResolutionStatus.Invalid
            : record.IsActive ? DidResolutionStatus.Resolved
            : DidResolutionStatus.Deactivated;
        return new DidResolution(did, status, source, observedAt) { Record = record };
    }

    /// <summary>How long ago the source was seen to say so; never negative.</summary>
    /// <param name="now">The present time.</param>
    public TimeSpan AgeAt(DateTimeOffset now) => now > ObservedAt ? now - ObservedAt : TimeSpan.Zero;

    /// <summary>Finds the usable signing key that a fragment names.</summary>
    /// <param name="fragment">The fragment without <c>#</c>.</param>
    /// <returns>The key, or <see langword="null"/>.</returns>
    public PublicKey? FindSigningKey(string fragment) => Document?.FindSigningKey(fragment);

    /// <summary>
    /// The document and its metadata as JSON in UTF-8, in the form of W3C DID Resolution: <c>didDocument</c>,
    /// <c>didDocumentMetadata</c> (<c>deactivated</c>, <c>versionId</c>, <c>created</c>, <c>updated</c>) and
    /// <c>didResolutionMetadata</c> (<c>error</c>, <c>source</c>, <c>observedAt</c>, <c>ageSeconds</c>).
    /// </summary>
    /// <param name="now">The present time, for the age.</param>
    public byte[] ToJson(DateTimeOffset now) => DocumentJson.Write(this, now);
}
