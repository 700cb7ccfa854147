using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>Where a key store's file is, and the ways in and out of it.</summary>
internal sealed class KeyStoreLocation(string path, TimeProvider? timeProvider, ILogger? logger)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    public ILogger Logger { get; } = logger ?? NullLogger.Instance;

    public async ValueTask<FileLock> LockAsync(CancellationToken cancellationToken) =>
        await FileLock.TryAcquireAsync(AtomicFile.Resolve(Path) + ".lock", TimeProvider, cancellationToken).ConfigureAwait(false)
        ?? throw Refuse(KeyStoreError.Busy, "Another process holds its lock; try again.");

    public async ValueTask<KeyStoreFile> ReadAsync(CancellationToken cancellationToken)
    {
        byte[]? bytes;
        try
        {
            bytes = await AtomicFile.ReadAsync(Path, KeyStoreFile.MaximumSize, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(KeyStoreError.NotFound, "There is no such file; create the store first.", e);
        }

        if (bytes is null)
        {
            throw Refuse(KeyStoreError.Corrupted, "It is larger than a key store can be (1 MiB).");
        }

        if (KeyStoreFile.TryParse(bytes, out KeyStoreFile? file, out KeyStoreError error))
        {
            return file;
        }

        throw Refuse(error, error == KeyStoreError.Unsupported
            ? "Its format version or key derivation cost is not one that this version accepts."
            : "It is not a key store, or it is truncated or damaged; restore it from a copy.");
    }

    /// <summary>Replaces the file; the caller holds the lock.</summary>
    public ValueTask WriteAsync(KeyStoreContent content, MasterKey master) =>
        AtomicFile.WriteAsync(AtomicFile.Resolve(Path), KeyStoreFile.Write(content, master), AtomicFile.OwnerOnly);

    public void WarnIfReadableByOthers()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & ~AtomicFile.OwnerOnly & ~UnixFileMode.UserExecute) != 0)
        {
            Log.ReadableByOthers(Logger, Path);
        }
    }

    public KeyStoreException Changed() =>
        Refuse(KeyStoreError.Corrupted, "It was changed by something that did not know the passphrase; restore it from a copy.");

    public KeyStoreException Refuse(KeyStoreError error, string reason, Exception? cause = null)
    {
        Log.Refused(Logger, Path, error);
        return new KeyStoreException(error, $"Key store '{Path}': {reason}", cause);
    }
}
