namespace Sage.Crypto;

/// <summary>What a resolved key is used for.</summary>
public enum KeyUse
{
    /// <summary>Verifying signatures.</summary>
    Signature,

    /// <summary>Key agreement (X25519).</summary>
    Agreement,
}
