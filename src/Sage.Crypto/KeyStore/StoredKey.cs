namespace Sage.Crypto;

/// <summary>An entry and whatever the store keeps of its secret: a key in memory, or sealed bytes.</summary>
internal sealed class StoredKey<TSecret>(KeyStoreEntry entry, TSecret secret)
{
    public KeyStoreEntry Entry { get; } = entry;

    public TSecret Secret { get; } = secret;
}
