namespace Sage.Crypto;

/// <summary>Whether the raw bytes of a private key may leave it. Fixed when the key is made.</summary>
public enum KeyExportPolicy
{
    /// <summary>The private key cannot be exported (the default).</summary>
    None,

    /// <summary>The private key can be exported in clear.</summary>
    AllowPlaintextExport,
}
