using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures;

/// <summary>Reads a JSON Web Key Set from strict JSON.</summary>
internal static class KeyDirectoryReader
{
    // RFC 7518 §6.2.2, §6.3.2 and the private half of newer kinds; the k of a symmetric key is looked at with its kind.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

    private static readonly long MaxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Null for a document that must not be used at all.</summary>
    public static KeyDirectory? Read(JsonElement set)
    {
        if (set.ValueKind != JsonValueKind.Object
            || !set.TryGetProperty("keys", out JsonElement entries)
            || entries.ValueKind != JsonValueKind.Array
            || entries.GetArrayLength() > KeyDirectory.MaxKeys)
        {
            return null;
        }

        List<DirectoryKey> keys = [];
        HashSet<string> thumbprints = [];
        foreach (JsonElement jwk in entries.EnumerateArray())
        {
            if (jwk.ValueKind != JsonValueKind.Object || IsPrivate(jwk))
            {
                return null;
            }

            if (ReadKey(jwk) is { } key)
            {
                if (!thumbprints.Add(key.Thumbprint))
                {
                    return null;
                }

                keys.Add(key);
            }
        }

        return new KeyDirectory(keys);
    }

    private static bool IsPrivate(JsonElement jwk) =>
        Array.Exists(PrivateMembers, name => jwk.TryGetProperty(name, out _))
        || (Text(jwk, "kty") == "oct" && jwk.TryGetProperty("k", out _));

    private static DirectoryKey? ReadKey(JsonElement jwk)
    {
        if (JwkReader.ReadPublicKey(jwk) is not { } key
            || DirectoryAlgorithm.Of(key.Algorithm) is null
            || !IsFor(jwk, key)
            || !TryReadTime(jwk, "nbf", out DateTimeOffset? notBefore)
            || !TryReadTime(jwk, "exp", out DateTimeOffset? expires)
            || expires <= notBefore)
        {
            return null;
        }

        return new DirectoryKey(key, notBefore, expires);
    }

    private static bool IsFor(JsonElement jwk, PublicKey key) =>
        (!jwk.TryGetProperty("kid", out _) || Text(jwk, "kid") == key.Thumbprint)
        && (!jwk.TryGetProperty("alg", out _) || (Text(jwk, "alg") is { } name && DirectoryAlgorithm.Fits(name, key.Algorithm)))
        && (!jwk.TryGetProperty("use", out _) || Text(jwk, "use") == "sig")
        && (!jwk.TryGetProperty("key_ops", out JsonElement uses)
            || (uses.ValueKind == JsonValueKind.Array && uses.EnumerateArray().Any(use => use.ValueKind == JsonValueKind.String && use.ValueEquals("verify"))));

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static bool TryReadTime(JsonElement jwk, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!jwk.TryGetProperty(name, out JsonElement member))
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out long seconds) || seconds < 0 || seconds > MaxSeconds)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
