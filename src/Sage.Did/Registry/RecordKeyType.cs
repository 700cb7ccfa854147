namespace Sage.Did;

/// <summary>The key types of a registry record; the values are those of SAGE profile P1 §1.1.</summary>
public enum RecordKeyType
{
    /// <summary>secp256k1.</summary>
    Secp256k1 = 0,

    /// <summary>Ed25519.</summary>
    Ed25519 = 1,

    /// <summary>X25519.</summary>
    X25519 = 2,
}
