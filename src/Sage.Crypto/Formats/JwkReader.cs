using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Internal;

/// <summary>Reads keys from JWK objects that came out of <see cref="StrictJson"/>. Members that are not required are ignored.</summary>
internal static class JwkReader
{
    /// <summary>
    /// Null unless this is a valid public key and nothing but public: a JWK with <c>d</c> is refused. For RSA <c>alg</c> or
    /// <paramref name="wanted"/> says which algorithm, and both say the same if there are both.
    /// </summary>
    public static PublicKey? ReadPublicKey(JsonElement jwk, KeyAlgorithm? wanted = null)
    {
        if (IsRsa(jwk))
        {
            return JwkRsaReader.ReadPublicKey(jwk, wanted);
        }

        return FindFormat(jwk, wanted) is { } format && !jwk.TryGetProperty("d", out _) ? ReadPublicHalf(jwk, format) : null;
    }

    /// <summary>Null unless this is a valid private key whose public members belong to it.</summary>
    public static PrivateKey? ReadPrivateKey(JsonElement jwk, KeyAlgorithm? wanted, KeyExportPolicy exportPolicy)
    {
        if (IsRsa(jwk))
        {
            return JwkRsaReader.ReadPrivateKey(jwk, wanted, exportPolicy);
        }

        if (FindFormat(jwk, wanted) is not { } format || ReadPublicHalf(jwk, format) is not { } expected)
        {
            return null;
        }

        Span<byte> secret = stackalloc byte[format.CoordinateSize];
        try
        {
            return TryReadCoordinate(jwk, "d", secret) ? KeyPair.TryImport(format.Algorithm, secret, exportPolicy, expected.Bytes) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// Decodes base64url from the raw text of a member, so that a secret never becomes a string; base64url has nothing to
    /// escape. False if it is missing, malformed or longer than the destination.
    /// </summary>
    public static bool TryReadBytes(JsonElement jwk, ReadOnlySpan<char> name, Span<byte> destination, out int written)
    {
        written = 0;
        if (!jwk.TryGetProperty(name, out JsonElement member)
            || member.ValueKind != JsonValueKind.String
            || JsonMarshal.GetRawUtf8Value(member) is not [_, .. var raw, _]
            || raw.Length > System.Buffers.Text.Base64Url.GetEncodedLength(destination.Length))
        {
            return false;
        }

        Span<char> text = stackalloc char[raw.Length];
        try
        {
            return Ascii.ToUtf16(raw, text, out _) == System.Buffers.OperationStatus.Done && StrictBase64.TryDecodeUrl(text, destination, out written);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        }
    }

    public static bool IsText(JsonElement jwk, string name, string value) =>
        jwk.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);

    /// <summary>Whether this is an RSA key that does not say which signatures it makes.</summary>
    public static bool IsAmbiguous(JsonElement jwk) => IsRsa(jwk) && !jwk.TryGetProperty("alg", out _);

    private static bool IsRsa(JsonElement jwk) => jwk.ValueKind == JsonValueKind.Object && IsText(jwk, "kty", "RSA");

    private static KeyFormat? FindFormat(JsonElement jwk, KeyAlgorithm? wanted) => jwk.ValueKind == JsonValueKind.Object
        ? KeyFormat.All.FirstOrDefault(format =>
            IsText(jwk, "kty", format.Type) && IsText(jwk, "crv", format.Curve) && (wanted is null || wanted == format.Algorithm))
        : null;

    private static PublicKey? ReadPublicHalf(JsonElement jwk, KeyFormat format)
    {
        int size = format.CoordinateSize;
        Span<byte> encoded = stackalloc byte[1 + (2 * size)];
        encoded[0] = 4;
        if (!TryReadCoordinate(jwk, "x", encoded.Slice(1, size))
            || (format.IsEc && !TryReadCoordinate(jwk, "y", encoded[(1 + size)..])))
        {
            return null;
        }

        PublicKey.TryImport(format.Algorithm, format.IsEc ? encoded : encoded.Slice(1, size), out PublicKey? key);
        return key;
    }

    private static bool TryReadCoordinate(JsonElement jwk, string name, Span<byte> coordinate) =>
        TryReadBytes(jwk, name, coordinate, out int written) && written == coordinate.Length;
}
