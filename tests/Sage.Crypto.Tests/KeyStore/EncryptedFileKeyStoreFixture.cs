namespace Sage.Crypto.Tests.KeyStore;

/// <summary>A file store of its own for each test, with the passphrase to open it again.</summary>
internal abstract class EncryptedFileKeyStoreFixture
{
    private TemporaryFolder folder = null!;
    private string path = null!;
    private EncryptedFileKeyStore store = null!;

    protected static byte[] Passphrase { get; } = "correct horse battery staple"u8.ToArray();

    protected TemporaryFolder Folder => folder;

    protected string StorePath => path;

    protected EncryptedFileKeyStore Store => store;

    [SetUp]
    public async Task MakeStore()
    {
        folder = new TemporaryFolder();
        path = folder.File("keys.json");
        store = await Cheap.CreateAsync(path, Passphrase);
    }

    [TearDown]
    public void RemoveStore()
    {
        store.Dispose();
        folder.Dispose();
    }

    protected ValueTask<EncryptedFileKeyStore> OpenAsync() => OpenAsync(Passphrase);

    protected ValueTask<EncryptedFileKeyStore> OpenAsync(byte[] passphrase) => EncryptedFileKeyStore.OpenAsync(path, passphrase);

    protected async Task<PrivateKey> AddAsync(string name)
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.AddAsync(name, key);
        return key;
    }
}
