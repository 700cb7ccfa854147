using Sage.Crypto;

namespace Sage.Did;

/// <summary>
/// The revoked keys of a record, by the key that the bytes stand for: a secp256k1 key revoked with 65 bytes does not come
/// back with 33, nor an X25519 key with the bit that RFC 7748 ignores turned over.
/// </summary>
internal sealed class RevokedKeys
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public RevokedKeys(IReadOnlyList<ReadOnlyMemory<byte>> revoked)
    {
        // An entry has no type, so it names every key its bytes can stand for; each is imported once, whatever the list of keys.
        foreach (ReadOnlyMemory<byte> entry in revoked)
        {
            names.Add(Name(null, entry.Span));
            if (entry.Length == 32)
            {
                names.Add(Name(KeyAlgorithm.Ed25519, entry.Span));
                names.Add(Name(KeyAlgorithm.X25519, entry.Span));
            }
            else if (PublicKey.TryImport(KeyAlgorithm.Secp256k1, entry.Span, out PublicKey? key))
            {
                names.Add(Name(KeyAlgorithm.Secp256k1, key.Bytes));
            }
        }
    }

    public bool Contains(PublicKey key) => names.Count > 0 && names.Contains(Name(key.Algorithm, key.Bytes));

    /// <summary>Whether an entry is revoked, also one of a type that is not known.</summary>
    public bool Contains(RecordKey entry) =>
        entry.Algorithm is { } algorithm && PublicKey.TryImport(algorithm, entry.KeyData.Span, out PublicKey? key)
            ? Contains(key)
            : names.Contains(Name(null, entry.KeyData.Span));

    private static string Name(KeyAlgorithm? algorithm, ReadOnlySpan<byte> bytes)
    {
        string hex = Convert.ToHexString(bytes);
        if (algorithm == KeyAlgorithm.X25519)
        {
            hex = string.Concat(hex.AsSpan(0, 62), Convert.ToHexString([(byte)(bytes[31] & 0x7f)]));
        }

        return $"{algorithm?.Name}:{hex}";
    }
}
