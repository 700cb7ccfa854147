namespace Sage.HttpSignatures;

/// <summary>What came of looking for a key. The set is closed.</summary>
public enum KeyDirectoryStatus
{
    /// <summary>The key is in the directory and may be used now.</summary>
    Found,

    /// <summary>The directory is known, and the key is not in it or may not be used now.</summary>
    KeyNotFound,

    /// <summary>The directory could not be fetched: no connection, no answer in time, a server error, or too many fetches at once.</summary>
    Unreachable,

    /// <summary>Something else than a key directory was answered: another status than 200, another media type, too much, or a malformed document.</summary>
    Invalid,

    /// <summary>The URL, or the address it leads to, is not allowed.</summary>
    Refused,
}
