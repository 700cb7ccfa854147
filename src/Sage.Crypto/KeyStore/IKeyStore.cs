namespace Sage.Crypto;

/// <summary>
/// Keeps private keys under names. A name stands for its current key and may hold former ones, so that what was signed
/// or encrypted before a rotation stays usable until they are removed. Implementations must be safe from any thread.
/// </summary>
/// <remarks>A name is 1 to 256 ASCII letters, digits or any of <c>._-:#/@%</c>, compared byte-exact.</remarks>
public interface IKeyStore
{
    /// <summary>Lists what the store holds, in the order it was added; no key is opened.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="KeyStoreException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<KeyStoreEntry>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes a copy of a key out of the store, with the export policy it was stored with.</summary>
    /// <param name="name">The name.</param>
    /// <param name="keyId">Which key of that name; the current one when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The key; the caller disposes it.</returns>
    /// <exception cref="KeyStoreException"><see cref="KeyStoreError.KeyNotFound"/>, or the store cannot be read.</exception>
    ValueTask<PrivateKey> GetAsync(string name, KeyId? keyId = null, CancellationToken cancellationToken = default);

    /// <summary>Stores a copy of a key under a new name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="key">The key; the caller keeps it and disposes it.</param>
    /// <param name="cancellationToken">Cancels the call; a change that has begun to be written is finished.</param>
    /// <exception cref="KeyStoreException"><see cref="KeyStoreError.NameExists"/>, or the store cannot be read or written.</exception>
    ValueTask AddAsync(string name, PrivateKey key, CancellationToken cancellationToken = default);

    /// <summary>Makes another key the current one of a name; the former ones stay until <see cref="RemoveAsync"/>.</summary>
    /// <param name="name">A name the store holds.</param>
    /// <param name="replacement">The new key, of any algorithm; the caller keeps it and disposes it.</param>
    /// <param name="cancellationToken">Cancels the call; a change that has begun to be written is finished.</param>
    /// <exception cref="KeyStoreException">
    /// <see cref="KeyStoreError.KeyNotFound"/>, <see cref="KeyStoreError.KeyExists"/>, or the store cannot be read or written.
    /// </exception>
    ValueTask RotateAsync(string name, PrivateKey replacement, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a key. The current key of a name can be removed only when it is the last one, and the name goes with it;
    /// otherwise rotate first.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="keyId">Which key of that name.</param>
    /// <param name="cancellationToken">Cancels the call; a change that has begun to be written is finished.</param>
    /// <exception cref="KeyStoreException">
    /// <see cref="KeyStoreError.KeyNotFound"/>, <see cref="KeyStoreError.CurrentKey"/>, or the store cannot be read or written.
    /// </exception>
    ValueTask RemoveAsync(string name, KeyId keyId, CancellationToken cancellationToken = default);
}
