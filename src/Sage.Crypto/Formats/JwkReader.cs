using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Internal;

/// <summary>Reads keys from JWK objects that came out of <see cref="StrictJson"/>. Members that are not required are ignored.</summary>
internal static class JwkReader
{
    // 32 bytes in base64url.
    private const int CoordinateTextSize = 43;

    /// <summary>Null unless this is a valid public key and nothing but public: a JWK with <c>d</c> is refused.</summary>
    public static PublicKey? ReadPublicKey(JsonElement jwk) =>
        FindFormat(jwk) is { } format && !jwk.TryGetProperty("d", out _) ? ReadPublicHalf(jwk, format) : null;

    /// <summary>Null unless this is a valid private key whose public members belong to it.</summary>
    public static PrivateKey? ReadPrivateKey(JsonElement jwk, KeyExportPolicy exportPolicy)
    {
        if (FindFormat(jwk) is not { } format || ReadPublicHalf(jwk, format) is not { } expected)
        {
            return null;
        }

        Span<byte> secret = stackalloc byte[Coordinates.Size];
        try
        {
            return TryReadCoordinate(jwk, "d", secret) ? KeyPair.TryImport(format.Algorithm, secret, exportPolicy, expected.Bytes) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static KeyFormat? FindFormat(JsonElement jwk) => jwk.ValueKind == JsonValueKind.Object
        ? KeyFormat.All.FirstOrDefault(format => IsText(jwk, "kty", format.Type) && IsText(jwk, "crv", format.Curve))
        : null;

    private static bool IsText(JsonElement jwk, string name, string value) =>
        jwk.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);

    private static PublicKey? ReadPublicHalf(JsonElement jwk, KeyFormat format)
    {
        Span<byte> encoded = stackalloc byte[Coordinates.UncompressedSize];
        encoded[0] = 4;
        if (!TryReadCoordinate(jwk, "x", encoded.Slice(1, Coordinates.Size))
            || (format.IsEc && !TryReadCoordinate(jwk, "y", encoded[Coordinates.CompressedSize..])))
        {
            return null;
        }

        PublicKey.TryImport(format.Algorithm, format.IsEc ? encoded : encoded.Slice(1, Coordinates.Size), out PublicKey? key);
        return key;
    }

    // From the raw text, so that a secret never becomes a string; base64url has nothing to escape.
    private static bool TryReadCoordinate(JsonElement jwk, string name, Span<byte> coordinate)
    {
        if (!jwk.TryGetProperty(name, out JsonElement member)
            || member.ValueKind != JsonValueKind.String
            || JsonMarshal.GetRawUtf8Value(member) is not [_, .. { Length: CoordinateTextSize } raw, _])
        {
            return false;
        }

        Span<char> text = stackalloc char[CoordinateTextSize];
        try
        {
            return Ascii.ToUtf16(raw, text, out _) == System.Buffers.OperationStatus.Done
                && StrictBase64.TryDecodeUrl(text, coordinate, out int written)
                && written == Coordinates.Size;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        }
    }
}
