namespace Sage.Crypto;

/// <summary>A key store refused; <see cref="Error"/> says why. The message never holds a key or a passphrase.</summary>
public sealed class KeyStoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">Why the store refused.</param>
    /// <param name="message">The reason and what to do, without secrets.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public KeyStoreException(KeyStoreError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why the store refused.</summary>
    public KeyStoreError Error { get; }
}
