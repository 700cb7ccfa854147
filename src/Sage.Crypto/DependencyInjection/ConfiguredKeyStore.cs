using Microsoft.Extensions.Logging;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>The key store that the options refer to, opened when it is first used: opening reads files, which a container must not.</summary>
internal sealed class ConfiguredKeyStore(SageKeyStoreOptions options, TimeProvider timeProvider, ILogger? logger) : IKeyStore, IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private EncryptedFileKeyStore? store;
    private bool disposed;

    public async ValueTask<IReadOnlyList<KeyStoreEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        EncryptedFileKeyStore opened = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await opened.ListAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<PrivateKey> GetAsync(string name, KeyId? keyId = null, CancellationToken cancellationToken = default)
    {
        EncryptedFileKeyStore opened = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await opened.GetAsync(name, keyId, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask AddAsync(string name, PrivateKey key, CancellationToken cancellationToken = default)
    {
        EncryptedFileKeyStore opened = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await opened.AddAsync(name, key, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RotateAsync(string name, PrivateKey replacement, CancellationToken cancellationToken = default)
    {
        EncryptedFileKeyStore opened = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await opened.RotateAsync(name, replacement, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(string name, KeyId keyId, CancellationToken cancellationToken = default)
    {
        EncryptedFileKeyStore opened = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await opened.RemoveAsync(name, keyId, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        gate.Wait();
        disposed = true;
        store?.Dispose();
        gate.Release();
    }

    // A failure is not kept: the operator may mend the file or the passphrase while the process runs.
    private async ValueTask<EncryptedFileKeyStore> OpenAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(IKeyStore));
            if (store is null)
            {
                using Passphrase passphrase = options.PassphraseFile is { } file
                    ? Passphrase.FromFile(file)
                    : Passphrase.FromVariable(options.PassphraseVariable!);
                store = await EncryptedFileKeyStore
                    .OpenAsync(options.Path!, passphrase.Memory, timeProvider, logger, cancellationToken).ConfigureAwait(false);
            }

            return store;
        }
        finally
        {
            gate.Release();
        }
    }
}
