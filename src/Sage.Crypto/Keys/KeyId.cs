using System.Security.Cryptography;

namespace Sage.Crypto;

/// <summary>
/// The SAGE key id: the first 8 bytes of the SHA-256 of a public key, as 16 lower-case hex characters
/// (SAGE profile P1 §1.4). A local name without security meaning: never trust a key because its id matches.
/// </summary>
public readonly record struct KeyId
{
    private readonly string? value;

    private KeyId(string value) => this.value = value;

    /// <summary>The 16 hex characters.</summary>
    /// <exception cref="InvalidOperationException">The value is <see langword="default"/>.</exception>
    public string Value => value ?? throw new InvalidOperationException("This KeyId is default(KeyId); take it from a key.");

    /// <summary>Computes the key id of raw public key bytes; for secp256k1 and P-256 that is the 65-byte form.</summary>
    /// <param name="publicKey">The exported public key.</param>
    public static KeyId Compute(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(publicKey, hash);
        return new KeyId(Convert.ToHexStringLower(hash[..8]));
    }

    /// <summary>Returns <see cref="Value"/>, or an empty string for <see langword="default"/>.</summary>
    public override string ToString() => value ?? "";
}
