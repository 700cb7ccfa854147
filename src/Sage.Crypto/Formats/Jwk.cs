using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Keys as JSON Web Keys (RFC 7517): <c>OKP</c> for Ed25519 and X25519 (RFC 8037), <c>EC</c> for P-256 (RFC 7518 §6.2)
/// and secp256k1 (RFC 8812). Coordinates are exactly 32 bytes in unpadded base64url.
/// </summary>
/// <remarks>
/// Input is strict JSON in UTF-8 of at most <see cref="MaxInputSize"/> bytes; members other than <c>kty</c>, <c>crv</c>,
/// <c>x</c>, <c>y</c> and <c>d</c> are ignored. Stateless and safe to use from any thread.
/// </remarks>
public static class Jwk
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxInputSize = 8 * 1024;

    /// <summary>Writes a public key: the required members in canonical form, the input of the RFC 7638 thumbprint.</summary>
    /// <param name="key">The key.</param>
    public static string Export(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        KeyFormat format = KeyFormat.Of(key.Algorithm);
        string y = format.IsEc ? $",\"y\":\"{StrictBase64.EncodeUrl(Coordinates.Y(key))}\"" : "";
        return $$"""{"crv":"{{format.Curve}}","kty":"{{format.Type}}","x":"{{StrictBase64.EncodeUrl(Coordinates.X(key))}}"{{y}}}""";
    }

    /// <summary>Writes a private key with its public members.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The JSON in UTF-8, in memory the garbage collector does not move; the caller zeroes it.</returns>
    /// <exception cref="InvalidOperationException">The key was made with <see cref="KeyExportPolicy.None"/>.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public static byte[] ExportPrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> secret = stackalloc byte[Coordinates.Size];
        try
        {
            key.Export(secret);
            ReadOnlySpan<byte> before = Encoding.ASCII.GetBytes(Export(key.PublicKey)[..^1] + ",\"d\":\"");
            byte[] json = GC.AllocateArray<byte>(before.Length + Base64Url.GetEncodedLength(secret.Length) + 2, pinned: true);
            before.CopyTo(json);
            Base64Url.EncodeToUtf8(secret, json.AsSpan(before.Length));
            "\"}"u8.CopyTo(json.AsSpan(json.Length - 2));
            return json;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Reads a public key and checks it as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid public key, or it holds a private key.</exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8) =>
        TryImportPublicKey(utf8, out PublicKey? key) ? key : throw new FormatException("The input is not the JWK of a valid public key.");

    /// <summary>Reads a public key as <see cref="ImportPublicKey"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is the JWK of a valid public key and holds no private key.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out PublicKey? key)
    {
        key = Read(utf8, JwkReader.ReadPublicKey);
        return key is not null;
    }

    /// <summary>Reads a private key and checks that its public members belong to it.</summary>
    /// <param name="utf8">The JSON; the caller zeroes it.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">The input is not the JWK of a valid private key.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyExportPolicy exportPolicy = KeyExportPolicy.None) =>
        Read(utf8, jwk => JwkReader.ReadPrivateKey(jwk, exportPolicy)) ?? throw new FormatException("The input is not the JWK of a valid private key.");

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
