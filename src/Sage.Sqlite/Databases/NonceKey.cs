using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sage.Databases;

/// <summary>
/// What a table keeps of a nonce: hashes of a fixed size, whatever its characters are. Two scopes that share a hash would share a
/// quota and nothing else.
/// </summary>
internal readonly struct NonceKey
{
    private const int MaxLength = 1024;
    private const int ScopeSize = 16;

    /// <exception cref="ArgumentException">The scope or the nonce is empty or longer than 1024 UTF-16 units.</exception>
    public NonceKey(string scope, string nonce)
    {
        Require(scope, nameof(scope));
        Require(nonce, nameof(nonce));
        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes(scope.AsSpan()));
        Scope = hash[..ScopeSize];
        Id = SHA256.HashData([.. hash, .. MemoryMarshal.AsBytes(nonce.AsSpan())]);
    }

    /// <summary>SHA-256 of the hash of the scope and the nonce, 32 bytes.</summary>
    public byte[] Id { get; }

    /// <summary>The first 16 bytes of SHA-256 of the scope.</summary>
    public byte[] Scope { get; }

    private static void Require(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"At most {MaxLength} UTF-16 units.", name);
        }
    }
}
