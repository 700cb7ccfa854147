using System.Security.Cryptography;

namespace Sage.Crypto;

/// <summary>A key store that lives as long as its instance: for tests, and for keys that come from elsewhere at start.</summary>
/// <remarks>Safe from any thread. <see cref="Dispose"/> zeroes every key it holds, not those it handed out.</remarks>
public sealed class MemoryKeyStore : IKeyStore, IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider timeProvider;
    private KeyRing<PrivateKey> ring = KeyRing<PrivateKey>.Empty;
    private bool disposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="timeProvider">The clock; the system's when <see langword="null"/>.</param>
    public MemoryKeyStore(TimeProvider? timeProvider = null) => this.timeProvider = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<KeyStoreEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return ValueTask.FromResult(ring.Entries);
        }
    }

    /// <inheritdoc/>
    public ValueTask<PrivateKey> GetAsync(string name, KeyId? keyId = null, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return ValueTask.FromResult(Copy(ring.Find(name, keyId).Secret));
        }
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(string name, PrivateKey key, CancellationToken cancellationToken = default) =>
        Put(name, key, static (ring, added) => ring.Add(added), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RotateAsync(string name, PrivateKey replacement, CancellationToken cancellationToken = default) =>
        Put(name, replacement, static (ring, added) => ring.Rotate(added), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string name, KeyId keyId, CancellationToken cancellationToken = default)
    {
        KeyName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            KeyRing<PrivateKey> next = ring.Remove(name, keyId);
            ring.Find(name, keyId).Secret.Dispose();
            ring = next;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Zeroes every key in the store.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (StoredKey<PrivateKey> key in ring.Keys)
            {
                key.Secret.Dispose();
            }
        }
    }

    private static PrivateKey Copy(PrivateKey key)
    {
        Span<byte> raw = stackalloc byte[key.Size];
        try
        {
            key.ExportForStore(raw);
            return PrivateKey.Import(key.Algorithm, raw, key.ExportPolicy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    private ValueTask Put(
        string name,
        PrivateKey key,
        Func<KeyRing<PrivateKey>, StoredKey<PrivateKey>, KeyRing<PrivateKey>> change,
        CancellationToken cancellationToken)
    {
        KeyName.Require(name);
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            PrivateKey copy = Copy(key);
            bool kept = false;
            try
            {
                KeyStoreEntry entry = new(name, key.PublicKey, timeProvider.GetUtcNow(), isCurrent: true, key.ExportPolicy);
                ring = change(ring, new StoredKey<PrivateKey>(entry, copy));
                kept = true;
                return ValueTask.CompletedTask;
            }
            finally
            {
                if (!kept)
                {
                    copy.Dispose();
                }
            }
        }
    }
}
