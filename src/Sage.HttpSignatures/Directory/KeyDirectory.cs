using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures;

/// <summary>
/// The public keys of an agent as a JSON Web Key Set (RFC 7517 §5), the document that Web Bot Auth publishes at
/// <see cref="WellKnownPath"/>. A key is found by its JWK thumbprint.
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class KeyDirectory
{
    /// <summary>The largest document, in bytes: 64 KiB.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>The most keys of a document, those that are skipped included.</summary>
    public const int MaxKeys = 64;

    /// <summary>The media type of the document.</summary>
    public const string MediaType = "application/http-message-signatures-directory+json";

    /// <summary>Where an origin serves the document.</summary>
    public const string WellKnownPath = "/.well-known/http-message-signatures-directory";

    private readonly Dictionary<string, DirectoryKey> byThumbprint = [];

    /// <summary>Makes a directory.</summary>
    /// <param name="keys">At most <see cref="MaxKeys"/> different keys.</param>
    /// <exception cref="ArgumentException">There are more, or a key is there twice.</exception>
    public KeyDirectory(IEnumerable<DirectoryKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        DirectoryKey[] all = [.. keys];
        if (all.Length > MaxKeys)
        {
            throw new ArgumentException($"A directory holds at most {MaxKeys} keys.", nameof(keys));
        }

        foreach (DirectoryKey key in all)
        {
            if (!byThumbprint.TryAdd(key.Thumbprint, key))
            {
                throw new ArgumentException("A key is in the directory twice.", nameof(keys));
            }
        }

        Keys = all.AsReadOnly();
    }

    /// <summary>The keys that can be used, in the order of the document.</summary>
    public IReadOnlyList<DirectoryKey> Keys { get; }

    /// <summary>
    /// Reads a document: strict JSON. Members and keys of unknown kinds are skipped, and so is a key whose <c>kid</c> is not its
    /// thumbprint, whose <c>alg</c> is neither the registered name of an HTTP signature algorithm nor <c>EdDSA</c> or does not
    /// fit the key, or that is not for signatures (<c>use</c>, <c>key_ops</c>).
    /// </summary>
    /// <param name="utf8">The document.</param>
    /// <param name="directory">The directory, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> if the document is malformed, over a limit, names a key twice, or holds a private key.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out KeyDirectory? directory)
    {
        directory = null;
        if (!StrictJson.TryParse(utf8, MaxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            directory = KeyDirectoryReader.Read(document.RootElement);
            return directory is not null;
        }
    }

    /// <summary>Finds a key.</summary>
    /// <param name="keyId">Its JWK thumbprint.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the key is there, whether or not it may be used now.</returns>
    public bool TryFind(string keyId, [NotNullWhen(true)] out DirectoryKey? key)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        return byThumbprint.TryGetValue(keyId, out key);
    }

    /// <summary>Writes the document, to be served as <see cref="MediaType"/>.</summary>
    /// <returns>JSON in UTF-8: each key with <c>alg</c>, <c>kid</c> and <c>use</c>, and <c>nbf</c> and <c>exp</c> in whole seconds where it has them.</returns>
    public byte[] ToJson() => Encoding.ASCII.GetBytes($"{{\"keys\":[{string.Join(',', Keys.Select(Write))}]}}");

    // Nothing in it needs an escape.
    private static string Write(DirectoryKey key)
    {
        string nbf = key.NotBefore is { } notBefore ? $",\"nbf\":{notBefore.ToUnixTimeSeconds()}" : "";
        string exp = key.Expires is { } expires ? $",\"exp\":{expires.ToUnixTimeSeconds()}" : "";
        return $$"""{{JwkWriter.Canonical(key.PublicKey)[..^1]}},"alg":"{{DirectoryAlgorithm.Of(key.PublicKey.Algorithm)}}","kid":"{{key.Thumbprint}}","use":"sig"{{nbf}}{{exp}}}""";
    }
}
