using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>
/// A key store in one file, sealed under a passphrase: Argon2id once when it is opened, then ChaCha20-Poly1305 for each
/// key and HMAC-SHA256 over the whole file.
/// </summary>
/// <remarks>
/// Safe from any thread and between processes: each change reads the file again under a lock (<c>PATH.lock</c>, which
/// stays) and replaces it whole, so a crash leaves the old file or the new. Names, public keys and times can be read
/// without the passphrase. <see cref="Dispose"/> zeroes what the passphrase opened, not the keys handed out.
/// </remarks>
public sealed class EncryptedFileKeyStore : IKeyStore, IDisposable
{
    // Also held while reading and by Dispose, so that nothing is ever sealed or authenticated under a zeroed key.
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly KeyStoreLocation location;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private MasterKey master;
    private KeyStoreContent last;
    private bool disposed;

    private EncryptedFileKeyStore(KeyStoreLocation location, MasterKey master, KeyStoreContent content)
    {
        this.location = location;
        timeProvider = location.TimeProvider;
        logger = location.Logger;
        this.master = master;
        last = content;
    }

    /// <summary>Creates an empty store in a new file (mode 0600) in a folder that exists, and opens it.</summary>
    /// <param name="path">Where the file is to be.</param>
    /// <param name="passphrase">The passphrase bytes, exactly as they will be given to open it; the caller zeroes them.</param>
    /// <param name="timeProvider">The clock; the system's when <see langword="null"/>.</param>
    /// <param name="logger">Receives names and key ids, never keys or passphrases.</param>
    /// <param name="cancellationToken">Cancels the call; a file that has begun to be written is finished.</param>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    /// <exception cref="KeyStoreException"><see cref="KeyStoreError.AlreadyExists"/> or <see cref="KeyStoreError.Busy"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ValueTask<EncryptedFileKeyStore> CreateAsync(
        string path,
        ReadOnlyMemory<byte> passphrase,
        TimeProvider? timeProvider = null,
        ILogger? logger = null,
        CancellationToken cancellationToken = default) =>
        CreateAsync(path, passphrase, KeyDerivationCost.Standard, timeProvider, logger, cancellationToken);

    /// <summary>Opens a store: one Argon2id derivation (64 MiB, about 0.1 s), on the calling thread.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">The passphrase bytes; the caller zeroes them.</param>
    /// <param name="timeProvider">The clock; the system's when <see langword="null"/>.</param>
    /// <param name="logger">Receives names and key ids, never keys or passphrases.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    /// <exception cref="KeyStoreException">
    /// <see cref="KeyStoreError.NotFound"/>, <see cref="KeyStoreError.Corrupted"/>, <see cref="KeyStoreError.Unsupported"/> or
    /// <see cref="KeyStoreError.WrongPassphrase"/>. The file is never touched.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<EncryptedFileKeyStore> OpenAsync(
        string path,
        ReadOnlyMemory<byte> passphrase,
        TimeProvider? timeProvider = null,
        ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        RequirePassphrase(passphrase);
        KeyStoreLocation location = new(path, timeProvider, logger);
        KeyStoreFile file = await location.ReadAsync(cancellationToken).ConfigureAwait(false);
        KeyStoreContent content = file.Content;
        MasterKey master = MasterKey.Derive(passphrase.Span, content.Salt, content.Cost, content.StoreId);
        bool opened = false;
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(master.Check, content.Check))
            {
                throw location.Refuse(KeyStoreError.WrongPassphrase, "The passphrase does not open it.");
            }

            if (!file.IsAuthentic(master))
            {
                throw location.Changed();
            }

            opened = true;
        }
        finally
        {
            if (!opened)
            {
                master.Dispose();
            }
        }

        location.WarnIfReadableByOthers();
        Log.Opened(location.Logger, location.Path, content.Ring.Keys.Count);
        return new EncryptedFileKeyStore(location, master, content);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<KeyStoreEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        using Turn turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return (await ReadAsync(cancellationToken).ConfigureAwait(false)).Ring.Entries;
    }

    /// <inheritdoc/>
    public async ValueTask<PrivateKey> GetAsync(string name, KeyId? keyId = null, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        using Turn turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        KeyStoreContent content = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return master.TryOpen(content.Ring.Find(name, keyId)) ?? throw location.Changed();
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(string name, PrivateKey key, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        ArgumentNullException.ThrowIfNull(key);
        await ChangeAsync(ring => ring.Add(Seal(name, key)), cancellationToken).ConfigureAwait(false);
        Log.Added(logger, location.Path, name, key.PublicKey.KeyId);
    }

    /// <inheritdoc/>
    public async ValueTask RotateAsync(string name, PrivateKey replacement, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        ArgumentNullException.ThrowIfNull(replacement);
        await ChangeAsync(ring => ring.Rotate(Seal(name, replacement)), cancellationToken).ConfigureAwait(false);
        Log.Rotated(logger, location.Path, name, replacement.PublicKey.KeyId);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string name, KeyId keyId, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        await ChangeAsync(ring => ring.Remove(name, keyId), cancellationToken).ConfigureAwait(false);
        Log.Removed(logger, location.Path, name, keyId);
    }

    /// <summary>
    /// Seals every key again under a new passphrase, with a new salt and today's cost. Other instances that have the store
    /// open answer <see cref="KeyStoreError.Conflict"/> until they open it again. Copies of the file made before still open
    /// with the old passphrase.
    /// </summary>
    /// <param name="passphrase">The new passphrase; the caller zeroes it.</param>
    /// <param name="cancellationToken">Cancels the call; a change that has begun to be written is finished.</param>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    /// <exception cref="KeyStoreException">The store cannot be read or written; the old passphrase stays.</exception>
    public ValueTask ChangePassphraseAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancellationToken = default) =>
        ChangePassphraseAsync(passphrase, KeyDerivationCost.Standard, cancellationToken);

    /// <summary>Waits for a call in progress, then zeroes the keys that the passphrase opened.</summary>
    public void Dispose()
    {
        gate.Wait();
        disposed = true;
        master.Dispose();
        gate.Release();
    }

    /// <summary>For tests, which cannot pay the standard cost a thousand times.</summary>
    internal static async ValueTask<EncryptedFileKeyStore> CreateAsync(
        string path,
        ReadOnlyMemory<byte> passphrase,
        KeyDerivationCost cost,
        TimeProvider? timeProvider,
        ILogger? logger,
        CancellationToken cancellationToken)
    {
        RequirePassphrase(passphrase);
        KeyStoreLocation location = new(path, timeProvider, logger);
        string storeId = RandomText.Uuid();
        byte[] salt = RandomNumberGenerator.GetBytes(Argon2idBackend.SaltSize);
        using FileLock held = await location.LockAsync(cancellationToken).ConfigureAwait(false);
        if (Path.Exists(location.Path))
        {
            throw location.Refuse(KeyStoreError.AlreadyExists, "There is already a file; open it, or choose another path.");
        }

        MasterKey master = MasterKey.Derive(passphrase.Span, salt, cost, storeId);
        bool created = false;
        try
        {
            KeyStoreContent content = KeyStoreContent.Empty(storeId, cost, salt, master);
            await location.WriteAsync(content, master).ConfigureAwait(false);
            created = true;
            Log.Created(location.Logger, location.Path);
            return new EncryptedFileKeyStore(location, master, content);
        }
        finally
        {
            if (!created)
            {
                master.Dispose();
            }
        }
    }

    internal async ValueTask ChangePassphraseAsync(ReadOnlyMemory<byte> passphrase, KeyDerivationCost cost, CancellationToken cancellationToken)
    {
        RequirePassphrase(passphrase);
        using Turn turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        using FileLock held = await location.LockAsync(cancellationToken).ConfigureAwait(false);
        KeyStoreContent content = await ReadAsync(cancellationToken).ConfigureAwait(false);
        byte[] salt = RandomNumberGenerator.GetBytes(Argon2idBackend.SaltSize);
        MasterKey next = MasterKey.Derive(passphrase.Span, salt, cost, content.StoreId);
        bool kept = false;
        try
        {
            KeyRing<SealedKey> ring = content.Ring.Convert(key => master.TryReseal(key, next) ?? throw location.Changed());
            await WriteAsync(content.With(ring, cost, salt, next), next).ConfigureAwait(false);
            kept = true;
        }
        finally
        {
            if (!kept)
            {
                next.Dispose();
            }
        }

        master.Dispose();
        master = next;
        Log.PassphraseChanged(logger, location.Path);
    }

    private static void RequirePassphrase(ReadOnlyMemory<byte> passphrase)
    {
        if (passphrase.IsEmpty)
        {
            throw new ArgumentException("The passphrase of a key store must not be empty.", nameof(passphrase));
        }
    }

    private async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (disposed)
        {
            gate.Release();
            throw new ObjectDisposedException(nameof(EncryptedFileKeyStore));
        }

        return new Turn(gate);
    }

    private StoredKey<SealedKey> Seal(string name, PrivateKey key) =>
        master.Seal(new KeyStoreEntry(name, key.PublicKey, timeProvider.GetUtcNow(), isCurrent: true, key.ExportPolicy), key);

    private async ValueTask ChangeAsync(Func<KeyRing<SealedKey>, KeyRing<SealedKey>> change, CancellationToken cancellationToken)
    {
        using Turn turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        using FileLock held = await location.LockAsync(cancellationToken).ConfigureAwait(false);
        KeyStoreContent content = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync(content.With(change(content.Ring)), master).ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(KeyStoreContent content, MasterKey key)
    {
        await location.WriteAsync(content, key).ConfigureAwait(false);
        last = content;
    }

    /// <summary>The file as it is now, proven to be a later state of the store this instance opened.</summary>
    private async ValueTask<KeyStoreContent> ReadAsync(CancellationToken cancellationToken)
    {
        KeyStoreFile file = await location.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!file.Content.IsSealedLike(last))
        {
            throw location.Refuse(KeyStoreError.Conflict, "Another store, or another passphrase, took its place; open it again.");
        }

        if (!file.IsAuthentic(master))
        {
            throw location.Changed();
        }

        if (file.Content.Revision < last.Revision)
        {
            throw location.Refuse(KeyStoreError.Conflict, "An older version took its place; open it again if that was meant.");
        }

        last = file.Content;
        return last;
    }

    private readonly struct Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
