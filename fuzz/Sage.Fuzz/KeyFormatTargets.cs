using System.Text;
using Sage.Crypto;

namespace Sage.Fuzz;

/// <summary>JWK, PEM and Multikey.</summary>
internal static class KeyFormatTargets
{
    public static FuzzTarget[] All { get; } =
    [
        new("jwk", "a key that is read is written and read again as the same key", JsonKey, "\"kty\":\"OKP\"", "\"kty\":\"EC\"", "\"kty\":\"RSA\"", "\"alg\":\"PS512\"", "\"alg\":\"RS256\"", "\"crv\":\"Ed25519\"", "\"crv\":\"X25519\"", "\"crv\":\"P-256\"", "\"crv\":\"P-384\"", "\"crv\":\"secp256k1\"", "\"d\":\"", "\"x\":\"", "\"y\":\"", "\\u0064"),
        new("pem", "a key that is read is written and read again as the same key", PemKey, "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----", "MC4CAQAwBQYDK2Vw", "\r\n", "="),
        new("multikey", "what decodes encodes to the same text", MultikeyText, "z", "z6Mk", "z6LS", "zQ3s", "zDn", "z82", "1", "m", "u"),
    ];

    private static void JsonKey(ReadOnlySpan<byte> input)
    {
        bool isPublic = Jwk.TryImportPublicKey(input, out PublicKey? publicKey);
        if (isPublic)
        {
            Oracle.Holds(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(Jwk.Export(publicKey!)), out PublicKey? again), "an exported JWK does not import");
            Oracle.Holds(again!.Equals(publicKey), "a JWK came back as another key");
        }

        using PrivateKey? key = ImportJwk(input);
        if (key is not null)
        {
            Oracle.Holds(!isPublic, "one JWK is a public and a private key");
            using PrivateKey? again = ImportJwk(Jwk.ExportPrivateKey(key));
            Oracle.Holds(again is not null && again.PublicKey.Equals(key.PublicKey), "a private JWK came back as another key");
        }
    }

    private static void PemKey(ReadOnlySpan<byte> input)
    {
        bool isPublic = Pem.TryImportPublicKey(input, out PublicKey? publicKey);
        if (isPublic)
        {
            Oracle.Holds(Pem.TryImportPublicKey(Encoding.UTF8.GetBytes(Pem.Export(publicKey!)), out PublicKey? again), "an exported PEM does not import");
            Oracle.Holds(again!.Equals(publicKey), "a PEM came back as another key");
        }

        using PrivateKey? key = ImportPem(input);
        if (key is not null)
        {
            Oracle.Holds(!isPublic, "one PEM is a public and a private key");
            using PrivateKey? again = ImportPem(Pem.ExportPrivateKey(key));
            Oracle.Holds(again is not null && again.PublicKey.Equals(key.PublicKey), "a private PEM came back as another key");
        }
    }

    private static void MultikeyText(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        if (Multikey.TryDecode(text, out PublicKey? key))
        {
            Oracle.Same(Multikey.Encode(key), text, "a Multikey is not canonical");
        }
    }

    // FormatException is the one documented exception.
    private static PrivateKey? ImportJwk(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Jwk.ImportPrivateKey(utf8, KeyExportPolicy.AllowPlaintextExport);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static PrivateKey? ImportPem(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Pem.ImportPrivateKey(utf8, KeyExportPolicy.AllowPlaintextExport);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
