using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>
/// Reads the members of a key store file, every object closed and every value of its one form. The JSON is already
/// known to be strict: valid UTF-8, no duplicate member, no lone surrogate.
/// </summary>
internal static class KeyStoreReader
{
    public const string Format = "sage-key-store";
    public const int Version = 1;
    public const string KdfName = "argon2id";
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Whether the file calls itself a key store of another version.</summary>
    public static bool IsOtherVersion(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && IsText(root, "format", Format)
        && root.TryGetProperty("version", out JsonElement version)
        && version.ValueKind == JsonValueKind.Number
        && !(version.TryGetInt32(out int number) && number == Version);

    /// <summary>The content; null if anything is missing, unknown or out of form.</summary>
    public static KeyStoreContent? TryRead(JsonElement root)
    {
        if (!HasExactly(root, "format", "version", "id", "revision", "kdf", "check", "keys", "checksum", "mac")
            || !IsText(root, "format", Format)
            || !TryInteger(root, "version", out long version) || version != Version
            || !TryText(root, "id", out string? id) || !IsStoreId(id)
            || !TryInteger(root, "revision", out long revision) || revision is < 1 or > MaximumRevision
            || !TryCost(root.GetProperty("kdf"), out KeyDerivationCost cost, out byte[]? salt)
            || !TryBytes(root, "check", MasterKey.CheckSize, out byte[]? check)
            || !TryKeys(root.GetProperty("keys"), out KeyRing<SealedKey>? ring))
        {
            return null;
        }

        return new KeyStoreContent { StoreId = id, Revision = revision, Cost = cost, Salt = salt, Check = check, Ring = ring };
    }

    // What a double holds exactly, so that any JSON tool reads the same number.
    private const long MaximumRevision = (1L << 53) - 1;

    private static bool IsStoreId(string id) =>
        Guid.TryParseExact(id, "D", out Guid parsed) && string.Equals(parsed.ToString("D"), id, StringComparison.Ordinal);

    private static bool TryCost(JsonElement kdf, out KeyDerivationCost cost, [NotNullWhen(true)] out byte[]? salt)
    {
        cost = default;
        salt = null;
        if (!HasExactly(kdf, "name", "salt", "memory_kib", "passes", "lanes")
            || !IsText(kdf, "name", KdfName)
            || !TryInteger(kdf, "memory_kib", out long memory) || memory is < 0 or > int.MaxValue
            || !TryInteger(kdf, "passes", out long passes) || passes is < 0 or > int.MaxValue
            || !TryInteger(kdf, "lanes", out long lanes) || lanes != 1)
        {
            return false;
        }

        cost = new KeyDerivationCost((int)memory, (int)passes);
        return TryBytes(kdf, "salt", Argon2idBackend.SaltSize, out salt);
    }

    private static bool TryKeys(JsonElement list, [NotNullWhen(true)] out KeyRing<SealedKey>? ring)
    {
        ring = null;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > KeyRing<SealedKey>.MaximumKeys)
        {
            return false;
        }

        List<StoredKey<SealedKey>> keys = new(list.GetArrayLength());
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (TryKey(item) is not { } key)
            {
                return false;
            }

            keys.Add(key);
        }

        return KeyRing<SealedKey>.TryCreate([.. keys], out ring);
    }

    private static StoredKey<SealedKey>? TryKey(JsonElement item)
    {
        if (!HasExactly(item, "name", "key_id", "algorithm", "public_key", "created_at", "current", "exportable", "nonce", "sealed")
            || !TryText(item, "name", out string? name) || !KeyName.IsValid(name)
            || !TryText(item, "algorithm", out string? label) || !KeyAlgorithm.TryParse(label, out KeyAlgorithm? algorithm)
            || !TryBytes(item, "public_key", algorithm.PublicKeySize, RsaBackend.MaxPublicKeySize, out byte[]? encoded)
            || !PublicKey.TryImport(algorithm, encoded, out PublicKey? publicKey)
            || !IsText(item, "key_id", publicKey.KeyId.Value)
            || !TryText(item, "created_at", out string? created) || !TryTime(created, out DateTimeOffset createdAt)
            || !TryBoolean(item, "current", out bool current)
            || !TryBoolean(item, "exportable", out bool exportable)
            || !TryBytes(item, "nonce", SealedKey.NonceSize, out byte[]? nonce)
            || !TryBytes(item, "sealed", algorithm.PrivateKeySize, RsaBackend.MaxPrivateKeySize, out byte[]? ciphertext, SealedKey.TagSize))
        {
            return null;
        }

        KeyExportPolicy policy = exportable ? KeyExportPolicy.AllowPlaintextExport : KeyExportPolicy.None;
        return new StoredKey<SealedKey>(new KeyStoreEntry(name, publicKey, createdAt, current, policy), new SealedKey(nonce, ciphertext));
    }

    private static bool HasExactly(JsonElement element, params ReadOnlySpan<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != members.Length)
        {
            return false;
        }

        foreach (string member in members)
        {
            if (!element.TryGetProperty(member, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryText(JsonElement element, string member, [NotNullWhen(true)] out string? text)
    {
        text = element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static bool IsText(JsonElement element, string member, string expected) =>
        TryText(element, member, out string? text) && string.Equals(text, expected, StringComparison.Ordinal);

    private static bool TryInteger(JsonElement element, string member, out long number)
    {
        number = 0;
        return element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static bool TryBoolean(JsonElement element, string member, out bool flag)
    {
        flag = element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.True;
        return flag || value.ValueKind == JsonValueKind.False;
    }

    private static bool TryBytes(JsonElement element, string member, int size, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return TryText(element, member, out string? text) && StrictBase64.TryDecode(text, size, out bytes) && bytes.Length == size;
    }

    // A size of 0 is that of RSA keys, which differ.
    private static bool TryBytes(JsonElement element, string member, int size, int maximum, [NotNullWhen(true)] out byte[]? bytes, int tag = 0)
    {
        bytes = null;
        return size > 0
            ? TryBytes(element, member, size + tag, out bytes)
            : TryText(element, member, out string? text) && StrictBase64.TryDecode(text, maximum + tag, out bytes) && bytes.Length > tag;
    }

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
