using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Sage.Redis.Internal;

/// <summary>
/// The keys of a store: hashes, so that no byte and no length from outside reaches the server. The tag <c>{1}</c> keeps all of them
/// in one slot of a cluster, as a script needs, and is the version of the layout.
/// </summary>
internal sealed class NonceKeys
{
    private readonly byte[] nonces;
    private readonly byte[] scopes;

    public NonceKeys(string prefix)
    {
        nonces = Encoding.ASCII.GetBytes(prefix + "{1}:");
        scopes = Encoding.ASCII.GetBytes(prefix + "{1}:scope:");
        Total = Encoding.ASCII.GetBytes(prefix + "{1}:total");
    }

    /// <summary>The counts of all scopes.</summary>
    public RedisKey Total { get; }

    /// <summary>The counts of one scope.</summary>
    public RedisKey Scope(string scope) => Key(scopes, scope, "");

    /// <summary>A nonce within its scope.</summary>
    public RedisKey Nonce(string scope, string nonce) => Key(nonces, scope, nonce);

    private static byte[] Key(byte[] prefix, string scope, string nonce)
    {
        // UTF-16 units, not UTF-8: lone surrogates would all become the same. The length keeps ("a", "bc") from being ("ab", "c").
        Span<byte> text = stackalloc byte[sizeof(int) + (2 * sizeof(char) * RedisNonceStore.MaxLength)];
        BinaryPrimitives.WriteInt32LittleEndian(text, scope.Length);
        int length = sizeof(int);
        length += Append(text[length..], scope);
        length += Append(text[length..], nonce);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        byte[] key = new byte[prefix.Length + Base64Url.GetEncodedLength(hash.Length)];
        prefix.CopyTo(key, 0);
        Base64Url.EncodeToUtf8(hash, key.AsSpan(prefix.Length));
        return key;
    }

    private static int Append(Span<byte> destination, string text)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(text.AsSpan());
        bytes.CopyTo(destination);
        return bytes.Length;
    }
}
