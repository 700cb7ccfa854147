namespace Sage.Crypto;

/// <summary>The AEAD of an HPKE suite; the values are the identifiers of RFC 9180 §7.3. The set is closed.</summary>
public enum HpkeAead
{
    /// <summary>AES-128-GCM.</summary>
    Aes128Gcm = 0x0001,

    /// <summary>AES-256-GCM.</summary>
    Aes256Gcm = 0x0002,

    /// <summary>ChaCha20-Poly1305.</summary>
    ChaCha20Poly1305 = 0x0003,

    /// <summary>No AEAD: the context only exports secrets.</summary>
    ExportOnly = 0xFFFF,
}
