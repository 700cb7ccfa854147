namespace Sage.Crypto;

/// <summary>Why a key store refused. The set is closed.</summary>
public enum KeyStoreError
{
    /// <summary>The passphrase is not the one the store was sealed with.</summary>
    WrongPassphrase,

    /// <summary>The file is not a key store, is damaged, truncated or larger than 1 MiB, or was changed by someone without the passphrase.</summary>
    Corrupted,

    /// <summary>The file has a format version or key derivation cost that this version does not accept.</summary>
    Unsupported,

    /// <summary>There is no file at the path.</summary>
    NotFound,

    /// <summary>A store was to be created where a file already is.</summary>
    AlreadyExists,

    /// <summary>The store has no such name, or the name has no such key.</summary>
    KeyNotFound,

    /// <summary>A key was to be added under a name that is taken; use rotation.</summary>
    NameExists,

    /// <summary>A name was to be rotated to a key it already holds.</summary>
    KeyExists,

    /// <summary>The current key of a name was to be removed while older ones remain.</summary>
    CurrentKey,

    /// <summary>The store holds as many keys as it may (1000).</summary>
    Full,

    /// <summary>Another process held the store's lock for too long.</summary>
    Busy,

    /// <summary>
    /// The file is no longer the one this instance opened: another store, another passphrase or an older version took its
    /// place. Open it again.
    /// </summary>
    Conflict,
}
