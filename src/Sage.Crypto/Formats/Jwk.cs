using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Keys as JSON Web Keys (RFC 7517): <c>OKP</c> for Ed25519 and X25519 (RFC 8037), <c>EC</c> for P-256 and P-384
/// (RFC 7518 §6.2) and secp256k1 (RFC 8812), with coordinates of exactly 32 bytes (48 for P-384), and <c>RSA</c>
/// (RFC 7518 §6.3) with two primes; all in unpadded base64url.
/// </summary>
/// <remarks>
/// Input is strict JSON in UTF-8 of at most <see cref="MaxInputSize"/> bytes; members other than those of the key and,
/// for RSA, <c>alg</c> are ignored. An RSA key is for the one algorithm that its <c>alg</c> names (<c>PS512</c> or
/// <c>rsa-pss-sha512</c>, <c>RS256</c> or <c>rsa-v1_5-sha256</c>); where it has none the caller must name it. Stateless and
/// safe to use from any thread.
/// </remarks>
public static class Jwk
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxInputSize = 8 * 1024;

    private const string NotPublic = "The input is not the JWK of a valid public key.";
    private const string NotPrivate = "The input is not the JWK of a valid private key.";
    private const string Ambiguous = "The RSA key has no 'alg' that says which signatures it makes; use the overload that takes a KeyAlgorithm.";

    /// <summary>
    /// Writes a public key: the required members in canonical form, the input of the RFC 7638 thumbprint, and for RSA
    /// <c>alg</c> before them.
    /// </summary>
    /// <param name="key">The key.</param>
    public static string Export(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return JwkWriter.Public(key);
    }

    /// <summary>Writes a private key with its public members.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The JSON in UTF-8, in memory the garbage collector does not move; the caller zeroes it.</returns>
    /// <exception cref="InvalidOperationException">The key was made with <see cref="KeyExportPolicy.None"/>.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public static byte[] ExportPrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return JwkWriter.Private(key);
    }

    /// <summary>Reads a public key and checks it as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="FormatException">
    /// The input is not the JWK of a valid public key, it holds a private key, or it is an RSA key without <c>alg</c>.
    /// </exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8) => ImportPublic(utf8, null);

    /// <summary>Reads a public key of one algorithm and checks it as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="algorithm">What the key is for; an RSA key needs no <c>alg</c>, but may have no other.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid public key of that algorithm, or it holds a private key.</exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return ImportPublic(utf8, algorithm);
    }

    /// <summary>Reads a public key as <see cref="ImportPublicKey(ReadOnlySpan{byte})"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is the JWK of a valid public key and holds no private key.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out PublicKey? key)
    {
        key = Read(utf8, static jwk => JwkReader.ReadPublicKey(jwk));
        return key is not null;
    }

    /// <summary>Reads a public key as <see cref="ImportPublicKey(ReadOnlySpan{byte}, KeyAlgorithm)"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="algorithm">What the key is for.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is the JWK of a valid public key of that algorithm and holds no private key.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm, [NotNullWhen(true)] out PublicKey? key)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        key = Read(utf8, jwk => JwkReader.ReadPublicKey(jwk, algorithm));
        return key is not null;
    }

    /// <summary>Reads a private key, which cannot be exported later, and checks that its public members belong to it.</summary>
    /// <param name="utf8">The JSON; the caller zeroes it.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid private key, or it is an RSA key without <c>alg</c>.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8) =>
        ImportPrivate(utf8, null, KeyExportPolicy.None);

    /// <summary>Reads a private key and checks that its public members belong to it.</summary>
    /// <param name="utf8">The JSON; the caller zeroes it.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid private key, or it is an RSA key without <c>alg</c>.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyExportPolicy exportPolicy) =>
        ImportPrivate(utf8, null, exportPolicy);

    /// <summary>Reads a private key of one algorithm and checks that its public members belong to it.</summary>
    /// <param name="utf8">The JSON; the caller zeroes it.</param>
    /// <param name="algorithm">What the key is for; an RSA key needs no <c>alg</c>, but may have no other.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid private key of that algorithm.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm, KeyExportPolicy exportPolicy = KeyExportPolicy.None)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return ImportPrivate(utf8, algorithm, exportPolicy);
    }

    private static PublicKey ImportPublic(ReadOnlySpan<byte> utf8, KeyAlgorithm? algorithm)
    {
        bool isAmbiguous = false;
        PublicKey? key = Read(utf8, jwk =>
        {
            isAmbiguous = algorithm is null && JwkReader.IsAmbiguous(jwk);
            return JwkReader.ReadPublicKey(jwk, algorithm);
        });
        return key ?? throw new FormatException(isAmbiguous ? Ambiguous : NotPublic);
    }

    private static PrivateKey ImportPrivate(ReadOnlySpan<byte> utf8, KeyAlgorithm? algorithm, KeyExportPolicy exportPolicy)
    {
        bool isAmbiguous = false;
        PrivateKey? key = Read(utf8, jwk =>
        {
            isAmbiguous = algorithm is null && JwkReader.IsAmbiguous(jwk);
            return JwkReader.ReadPrivateKey(jwk, algorithm, exportPolicy);
        });
        return key ?? throw new FormatException(isAmbiguous ? Ambiguous : NotPrivate);
    }

    private static TKey? Read<TKey>(ReadOnlySpan<byte> utf8, Func<JsonElement, TKey?> read)
        where TKey : class
    {
        if (utf8.Length > MaxInputSize)
        {
            return null;
        }

        // The parser wants memory of its own; a JWK meant to be public may still hold a secret, so it is always zeroed.
        byte[] copy = GC.AllocateUninitializedArray<byte>(utf8.Length, pinned: true);
        try
        {
            utf8.CopyTo(copy);
            if (!StrictJson.TryParse(copy, MaxInputSize, out JsonDocument? document))
            {
                return null;
            }

            using (document)
            {
                return read(document.RootElement);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
