namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Makes the store that a contract test runs over.</summary>
internal interface IKeyStoreFactory : IDisposable
{
    ValueTask<IKeyStore> CreateAsync(TimeProvider time);
}

internal sealed class MemoryKeyStoreFactory : IKeyStoreFactory
{
    private MemoryKeyStore? store;

    public ValueTask<IKeyStore> CreateAsync(TimeProvider time) => ValueTask.FromResult<IKeyStore>(store = new MemoryKeyStore(time));

    public void Dispose() => store?.Dispose();
}

internal sealed class EncryptedFileKeyStoreFactory : IKeyStoreFactory
{
    private readonly TemporaryFolder folder = new();
    private EncryptedFileKeyStore? store;

    public async ValueTask<IKeyStore> CreateAsync(TimeProvider time) =>
        store = await Cheap.CreateAsync(folder.File("keys.json"), "passphrase"u8.ToArray(), time);

    public void Dispose()
    {
        store?.Dispose();
        folder.Dispose();
    }
}
