using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>The signing keys taken from the store, each once; disposed with the container. Safe from any thread.</summary>
internal sealed class StoredSigningKeys(IKeyStore store) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, PrivateKey> taken = [];
    private bool disposed;

    /// <summary>The signer over a key of the store. A failure is not kept: the next call tries again.</summary>
    public async ValueTask<KeySigner> GetAsync(string name, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!taken.TryGetValue(name, out PrivateKey? key))
            {
                key = await store.GetAsync(name, keyId: null, cancellationToken).ConfigureAwait(false);
                taken.Add(name, key);
            }

            return new KeySigner(key);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        gate.Wait();
        disposed = true;
        foreach (PrivateKey key in taken.Values)
        {
            key.Dispose();
        }

        taken.Clear();
        gate.Release();
    }
}
