namespace Sage.Did;

/// <summary>One entry of <c>keys</c> in an agent record, as it is written there (SAGE profile P1 §6.3). Immutable.</summary>
public sealed class RecordKey
{
    /// <summary>The registry integer of the key type; values other than <see cref="RecordKeyType"/>'s are ignored by readers.</summary>
    public required RecordKeyType Type { get; init; }

    /// <summary>The public key bytes as registered; the proof of possession covers exactly these.</summary>
    public required ReadOnlyMemory<byte> KeyData { get; init; }

    /// <summary>The proof of possession; empty for X25519.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>What the record claims about the proof. A claim, not a fact: readers check the proof again.</summary>
    public bool Verified { get; init; }

    /// <summary>When the key was added, RFC 3339, as written; or <see langword="null"/>.</summary>
    public string? CreatedAt { get; init; }
}
