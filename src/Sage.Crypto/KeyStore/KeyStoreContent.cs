using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>What a key store file says, apart from the proof that nobody changed it.</summary>
internal sealed class KeyStoreContent
{
    public required string StoreId { get; init; }

    /// <summary>Counts the changes, so that an open store notices an older version put in its place.</summary>
    public required long Revision { get; init; }

    public required KeyDerivationCost Cost { get; init; }

    public required byte[] Salt { get; init; }

    public required byte[] Check { get; init; }

    public required KeyRing<SealedKey> Ring { get; init; }

    public static KeyStoreContent Empty(string storeId, KeyDerivationCost cost, byte[] salt, MasterKey master) =>
        Make(storeId, 1, cost, salt, master.Check.ToArray(), KeyRing<SealedKey>.Empty);

    /// <summary>The next revision, with other keys.</summary>
    public KeyStoreContent With(KeyRing<SealedKey> ring) => Make(StoreId, Revision + 1, Cost, Salt, Check, ring);

    /// <summary>The next revision, under another master key.</summary>
    public KeyStoreContent With(KeyRing<SealedKey> ring, KeyDerivationCost cost, byte[] salt, MasterKey master) =>
        Make(StoreId, Revision + 1, cost, salt, master.Check.ToArray(), ring);

    /// <summary>Whether both are states of one store under one passphrase.</summary>
    public bool IsSealedLike(KeyStoreContent other) => StoreId == other.StoreId
        && Cost == other.Cost
        && Bytes.PublicEquals(Salt, other.Salt)
        && Bytes.PublicEquals(Check, other.Check);

    private static KeyStoreContent Make(
        string storeId, long revision, KeyDerivationCost cost, byte[] salt, byte[] check, KeyRing<SealedKey> ring) => new()
        {
            StoreId = storeId,
            Revision = revision,
            Cost = cost,
            Salt = salt,
            Check = check,
            Ring = ring,
        };
}
