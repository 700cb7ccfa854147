using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Session.Tests;

/// <summary>The derivations of SAGE profile P1 written down once more, as plainly as the profile has them.</summary>
internal static class ReferenceKeys
{
    public static byte[] Record(byte[] seed, string direction, ulong generation)
    {
        byte[] sid = Encoding.ASCII.GetBytes(SessionId(seed));
        if (generation == 0)
        {
            byte[] all = direction == "single"
                ? HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 64, sid, "sage-session-keys-v1"u8.ToArray())
                : HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 128, sid, "sage-directional-keys-v1"u8.ToArray());
            return direction == "s2c" ? all[64..96] : all[..32];
        }

        byte[] number = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, generation);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 32, sid, [.. Encoding.ASCII.GetBytes("sage-session-rekey-v1" + direction), .. number]);
    }

    public static string SessionId(byte[] seed) =>
        Convert.ToBase64String(SHA256.HashData([.. "sage/hpke+e2e v1"u8, .. seed])[..16]).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] Seed(byte[] exporter, byte[] agreement, string exportContext) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, [.. exporter, .. agreement], 32, Encoding.ASCII.GetBytes(exportContext), "SAGE-HPKE+E2E-Combiner"u8.ToArray());

    public static byte[] AckTag(
        byte[] seed, string context, string nonce, string kid, string info, string exportContext,
        byte[] encapsulatedKey, byte[] initiatorKey, byte[] responderKey, string initiator, string responder)
    {
        byte[] key = HMACSHA256.HashData(seed, (byte[])[.. "SAGE-ack-key-v1"u8, 0, 0, 0, 1]);
        byte[] hash = SHA256.HashData(
        [
            0, .. Ascii(info), 0, .. Ascii(exportContext), 0, .. encapsulatedKey, 0, .. initiatorKey, 0, .. responderKey, 0, .. Ascii(initiator), 0, .. Ascii(responder),
        ]);
        return HMACSHA256.HashData(key, (byte[])[.. "SAGE-ack-msg|v1|"u8, .. WithLength(context), .. WithLength(nonce), .. WithLength(kid), .. hash]);
    }

    /// <summary>The HPKE exporter secret (RFC 9180, base mode) from the result of the Diffie–Hellman.</summary>
    public static byte[] Exporter(byte[] dh, byte[] encapsulatedKey, byte[] recipient, string info, string exportContext)
    {
        byte[] kem = [.. "KEM"u8, 0, 0x20];
        byte[] suite = [.. "HPKE"u8, 0, 0x20, 0, 1, 0, 3];
        byte[] shared = Expand(kem, Extract(kem, [], "eae_prk", dh), "shared_secret", [.. encapsulatedKey, .. recipient]);
        byte[] schedule = [0, .. Extract(suite, [], "psk_id_hash", []), .. Extract(suite, [], "info_hash", Ascii(info))];
        byte[] secret = Extract(suite, shared, "secret", []);
        return Expand(suite, Expand(suite, secret, "exp", schedule), "sec", Ascii(exportContext));
    }

    private static byte[] Extract(byte[] suite, byte[] salt, string label, byte[] ikm) =>
        HKDF.Extract(HashAlgorithmName.SHA256, [.. "HPKE-v1"u8, .. suite, .. Ascii(label), .. ikm], salt);

    private static byte[] Expand(byte[] suite, byte[] prk, string label, byte[] info) =>
        HKDF.Expand(HashAlgorithmName.SHA256, prk, 32, [0, 32, .. "HPKE-v1"u8, .. suite, .. Ascii(label), .. info]);

    private static byte[] WithLength(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Ascii(text)];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
