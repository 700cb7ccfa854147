namespace Sage.Crypto;

/// <summary>A reference to an encrypted key store file and to the place its passphrase is read from; never the passphrase itself.</summary>
public sealed class SageKeyStoreOptions
{
    /// <summary>The path of the file that <see cref="EncryptedFileKeyStore"/> opens.</summary>
    public string? Path { get; set; }

    /// <summary>The path of a file that holds the passphrase, at most 4096 bytes; one line ending at its end does not count.</summary>
    public string? PassphraseFile { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase. A file is the better place.</summary>
    public string? PassphraseVariable { get; set; }
}
