namespace Sage.Crypto;

/// <summary>The rules every key store follows, over an immutable list: each change returns a new ring or throws.</summary>
internal sealed class KeyRing<TSecret>
{
    // A thousand entries with the longest names stay well below the file limit.
    public const int MaximumKeys = 1000;

    private readonly StoredKey<TSecret>[] keys;

    private KeyRing(StoredKey<TSecret>[] keys) => this.keys = keys;

    public static KeyRing<TSecret> Empty { get; } = new([]);

    public IReadOnlyList<StoredKey<TSecret>> Keys => keys;

    public IReadOnlyList<KeyStoreEntry> Entries => Array.AsReadOnly(Array.ConvertAll(keys, key => key.Entry));

    /// <summary>Takes a list as it was read; false unless each name has exactly one current key and no key twice.</summary>
    public static bool TryCreate(StoredKey<TSecret>[] keys, out KeyRing<TSecret> ring)
    {
        ring = new KeyRing<TSecret>(keys);
        HashSet<(string, PublicKey)> seen = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<string> current = new(StringComparer.Ordinal);
        foreach (StoredKey<TSecret> key in keys)
        {
            names.Add(key.Entry.Name);
            if (!seen.Add((key.Entry.Name, key.Entry.PublicKey)) || (key.Entry.IsCurrent && !current.Add(key.Entry.Name)))
            {
                return false;
            }
        }

        return keys.Length <= MaximumKeys && names.Count == current.Count;
    }

    public StoredKey<TSecret> Find(string name, KeyId? keyId)
    {
        RequireName(name);
        return Array.Find(keys, key => key.Entry.Name == name && (keyId is { } id ? key.Entry.KeyId == id : key.Entry.IsCurrent))
            ?? throw new KeyStoreException(KeyStoreError.KeyNotFound, $"The name '{name}' has no key {keyId} in the key store.");
    }

    public KeyRing<TSecret> Add(StoredKey<TSecret> added)
    {
        if (Array.Exists(keys, key => key.Entry.Name == added.Entry.Name))
        {
            throw new KeyStoreException(
                KeyStoreError.NameExists, $"The key store already has the name '{added.Entry.Name}'; rotate it, or choose another name.");
        }

        return Append(keys, added);
    }

    public KeyRing<TSecret> Rotate(StoredKey<TSecret> replacement)
    {
        string name = replacement.Entry.Name;
        RequireName(name);
        if (Array.Exists(keys, key => key.Entry.Name == name && key.Entry.PublicKey.Equals(replacement.Entry.PublicKey)))
        {
            throw new KeyStoreException(KeyStoreError.KeyExists, $"The name '{name}' already has the key {replacement.Entry.KeyId}.");
        }

        StoredKey<TSecret>[] former = Array.ConvertAll(
            keys, key => key.Entry.Name == name && key.Entry.IsCurrent ? new StoredKey<TSecret>(key.Entry.AsFormer(), key.Secret) : key);
        return Append(former, replacement);
    }

    public KeyRing<TSecret> Remove(string name, KeyId keyId)
    {
        StoredKey<TSecret> removed = Find(name, keyId);
        if (removed.Entry.IsCurrent && keys.Count(key => key.Entry.Name == name) > 1)
        {
            throw new KeyStoreException(
                KeyStoreError.CurrentKey, $"The key {keyId} is the current one of '{name}'; rotate the name or remove its former keys first.");
        }

        return new KeyRing<TSecret>(Array.FindAll(keys, key => key != removed));
    }

    /// <summary>The same keys with other secrets.</summary>
    public KeyRing<TSecret> Convert(Converter<StoredKey<TSecret>, StoredKey<TSecret>> convert) => new(Array.ConvertAll(keys, convert));

    private static KeyRing<TSecret> Append(StoredKey<TSecret>[] keys, StoredKey<TSecret> added) => keys.Length < MaximumKeys
        ? new KeyRing<TSecret>([.. keys, added])
        : throw new KeyStoreException(KeyStoreError.Full, $"The key store holds {MaximumKeys} keys and takes no more; remove former ones.");

    private void RequireName(string name)
    {
        if (!Array.Exists(keys, key => key.Entry.Name == name))
        {
            throw new KeyStoreException(KeyStoreError.KeyNotFound, $"The key store has no name '{name}'.");
        }
    }
}
