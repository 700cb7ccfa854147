using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;
using static Sage.Tests.MemoryScan;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>After dispose neither the passphrase nor anything it opened is left in memory, on the heap or on a stack.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class KeyStoreMemoryTests
{
    private TemporaryFolder folder = null!;
    private int run;

    [SetUp]
    public void SetUp()
    {
        RequireSupport();
        folder = new TemporaryFolder();
    }

    [TearDown]
    public void RemoveFolder() => folder?.Dispose();

    [Test]
    public void What_an_open_store_holds_is_found_so_the_scan_works()
    {
        MaskedSecret passphrase = MaskedSecret.Random("passphrase", 24);
        MaskedSecret seed = MaskedSecret.Random("seed");
        UseStore(passphrase, KeyAlgorithm.Ed25519, seed).Dispose();
        using EncryptedFileKeyStore open = Open(passphrase);

        Assert.That(Find(Derived(passphrase)), Is.SupersetOf(new[] { "file key", "sealing key" }));
    }

    [TestCase("ed25519")]
    [TestCase("x25519")]
    public void A_disposed_file_store_leaves_nothing(string name)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm), Is.True);
        MaskedSecret passphrase = MaskedSecret.Random("passphrase", 24);
        MaskedSecret seed = MaskedSecret.Random("seed");

        IReadOnlyList<string> found = FindAfter(
            () => UseStore(passphrase, algorithm!, seed), () => [passphrase, seed, .. Derived(passphrase)]);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_changed_passphrase_leaves_neither_old_nor_new()
    {
        MaskedSecret old = MaskedSecret.Random("old passphrase", 24);
        MaskedSecret next = MaskedSecret.Random("new passphrase", 24);
        MaskedSecret seed = MaskedSecret.Random("seed");
        MaskedSecret[] before = [];

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                UseStore(old, KeyAlgorithm.Ed25519, seed).Dispose();
                before = Derived(old);
                return ChangePassphrase(old, next);
            },
            () => [old, next, seed, .. before, .. Derived(next)]);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_wrong_passphrase_leaves_nothing()
    {
        MaskedSecret right = MaskedSecret.Random("right", 24);
        MaskedSecret wrong = MaskedSecret.Random("wrong", 24);
        UseStore(right, KeyAlgorithm.Ed25519, MaskedSecret.Random("seed")).Dispose();

        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                Assert.That(() => Open(wrong), Refusal.With(KeyStoreError.WrongPassphrase));
                return null;
            },
            () => [wrong, .. Derived(wrong)]);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_disposed_memory_store_leaves_nothing()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");

        Assert.That(FindAfter(() => UseMemoryStore(seed), () => [seed]), Is.Empty);
    }

    [Test]
    public void A_passphrase_read_from_a_file_leaves_nothing()
    {
        MaskedSecret text = MaskedSecret.Random("passphrase", 24);

        Assert.That(FindAfter(() => ReadPassphrase(text), () => [text]), Is.Empty);
    }

    // The scan runs each action twice.
    private string StorePath => folder.File($"keys-{run}.json");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MemoryKeyStore UseMemoryStore(MaskedSecret seed)
    {
        MemoryKeyStore store = new();
        using PrivateKey key = Import(KeyAlgorithm.Ed25519, seed);
        Wait(store.AddAsync("agent", key));
        using PrivateKey copy = Wait(store.GetAsync("agent"));
        copy.Sign("text"u8);
        return store;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PrivateKey Import(KeyAlgorithm algorithm, MaskedSecret secret)
    {
        Span<byte> raw = stackalloc byte[32];
        try
        {
            secret.Reveal(raw);
            return PrivateKey.Import(algorithm, raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    private static void Wait(ValueTask call) => call.AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(ValueTask<T> call) => call.AsTask().GetAwaiter().GetResult();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Passphrase ReadPassphrase(MaskedSecret text)
    {
        WithClear(text, clear => File.WriteAllBytes(folder.File("passphrase"), clear));
        Passphrase passphrase = Passphrase.FromFile(folder.File("passphrase"));
        Assert.That(passphrase.Memory.Length, Is.GreaterThanOrEqualTo(22));
        return passphrase;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EncryptedFileKeyStore UseStore(MaskedSecret passphrase, KeyAlgorithm algorithm, MaskedSecret seed)
    {
        run++;
        WithClear(passphrase, clear => Wait(Cheap.CreateAsync(StorePath, clear)).Dispose());
        EncryptedFileKeyStore store = Open(passphrase);
        using PrivateKey key = Import(algorithm, seed);
        using PrivateKey next = PrivateKey.Generate(algorithm);
        Wait(store.AddAsync("agent", key));
        Wait(store.RotateAsync("agent", next));
        using PrivateKey copy = Wait(store.GetAsync("agent", key.PublicKey.KeyId));
        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
        Wait(store.RemoveAsync("agent", key.PublicKey.KeyId));
        Wait(store.AddAsync("former", key));
        return store;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EncryptedFileKeyStore ChangePassphrase(MaskedSecret old, MaskedSecret next)
    {
        EncryptedFileKeyStore store = Open(old);
        WithClear(next, clear => Wait(store.ChangePassphraseAsync(clear, Cheap.Cost, CancellationToken.None)));
        using PrivateKey copy = Wait(store.GetAsync("former"));
        return store;
    }

    private EncryptedFileKeyStore Open(MaskedSecret passphrase)
    {
        EncryptedFileKeyStore? store = null;
        WithClear(passphrase, clear => store = Wait(EncryptedFileKeyStore.OpenAsync(StorePath, clear)));
        return store!;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WithClear(MaskedSecret secret, Action<byte[]> use)
    {
        byte[] clear = GC.AllocateArray<byte>(secret.Length, pinned: true);
        try
        {
            secret.Reveal(clear);
            use(clear);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    /// <summary>What the passphrase gives for the file as it is now, computed as docs/key-store.md says.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private MaskedSecret[] Derived(MaskedSecret passphrase)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(StorePath));
        byte[] salt = document.RootElement.GetProperty("kdf").GetProperty("salt").GetBytesFromBase64();
        string id = document.RootElement.GetProperty("id").GetString()!;
        List<MaskedSecret> secrets = [];
        WithClear(passphrase, clear =>
        {
            byte[] keys = GC.AllocateArray<byte>(96, pinned: true);
            Argon2idBackend.Derive(clear, salt, Cheap.Cost.Passes, Cheap.Cost.MemoryKib, keys.AsSpan(0, 32));
            HKDF.Expand(HashAlgorithmName.SHA256, keys.AsSpan(0, 32), keys.AsSpan(32, 32), Encoding.ASCII.GetBytes($"sage-key-store:1:entries\n{id}"));
            HKDF.Expand(HashAlgorithmName.SHA256, keys.AsSpan(0, 32), keys.AsSpan(64, 32), Encoding.ASCII.GetBytes($"sage-key-store:1:file\n{id}"));
            secrets.Add(new MaskedSecret("master key", keys.AsSpan(0, 32)));
            secrets.Add(new MaskedSecret("sealing key", keys.AsSpan(32, 32)));
            secrets.Add(new MaskedSecret("file key", keys.AsSpan(64, 32)));
            CryptographicOperations.ZeroMemory(keys);
        });
        return [.. secrets];
    }
}
