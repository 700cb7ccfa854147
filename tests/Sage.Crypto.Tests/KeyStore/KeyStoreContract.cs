using Microsoft.Extensions.Time.Testing;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>What every key store promises.</summary>
[TestFixture(typeof(MemoryKeyStoreFactory))]
[TestFixture(typeof(EncryptedFileKeyStoreFactory))]
internal sealed class KeyStoreContract<TFactory>
    where TFactory : IKeyStoreFactory, new()
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.FromHours(2));

    private readonly FakeTimeProvider time = new(Now);
    private TFactory factory = default!;
    private IKeyStore store = default!;

    private static IEnumerable<KeyAlgorithm> Algorithms => KeyAlgorithm.All;

    [SetUp]
    public async Task MakeStore()
    {
        factory = new TFactory();
        store = await factory.CreateAsync(time);
    }

    [TearDown]
    public void DisposeStore() => factory.Dispose();

    [Test]
    public async Task A_new_store_is_empty() => Assert.That(await store.ListAsync(), Is.Empty);

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_key_comes_back_as_it_was_added(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);

        await store.AddAsync("agent", key);

        using PrivateKey copy = await store.GetAsync("agent");
        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
        Assert.That(Raw(copy), Is.EqualTo(Raw(key)));
    }

    [Test]
    public async Task The_export_policy_is_kept([Values] KeyExportPolicy policy)
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519, policy);
        await store.AddAsync("agent", key);

        using PrivateKey copy = await store.GetAsync("agent");

        Assert.That(copy.ExportPolicy, Is.EqualTo(policy));
        Assert.That((await store.ListAsync())[0].ExportPolicy, Is.EqualTo(policy));
    }

    [Test]
    public async Task An_entry_describes_its_key()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        await store.AddAsync("did:sage:ethereum:0xabc#key-1", key);

        KeyStoreEntry entry = (await store.ListAsync()).Single();

        Assert.That(entry.Name, Is.EqualTo("did:sage:ethereum:0xabc#key-1"));
        Assert.That(entry.PublicKey, Is.EqualTo(key.PublicKey));
        Assert.That(entry.KeyId, Is.EqualTo(key.PublicKey.KeyId));
        Assert.That(entry.Algorithm, Is.SameAs(KeyAlgorithm.Secp256k1));
        Assert.That(entry.IsCurrent, Is.True);
        Assert.That(entry.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 3, 4, 3, 6, 7, TimeSpan.Zero)));
    }

    [Test]
    public async Task The_caller_keeps_its_key_and_owns_the_copy()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.AddAsync("agent", key);
        key.Dispose();
        (await store.GetAsync("agent")).Dispose();

        using PrivateKey copy = await store.GetAsync("agent");

        Assert.That(copy.PublicKey.Verify("text"u8, copy.Sign("text"u8)), Is.True);
    }

    [Test]
    public async Task A_taken_name_is_refused_and_keeps_its_key()
    {
        using PrivateKey first = await AddAsync("agent");
        using PrivateKey second = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        Assert.That(async () => await store.AddAsync("agent", second), Refusal.With(KeyStoreError.NameExists));

        using PrivateKey current = await store.GetAsync("agent");
        Assert.That(current.PublicKey, Is.EqualTo(first.PublicKey));
    }

    [Test]
    public async Task One_key_may_have_two_names()
    {
        using PrivateKey key = await AddAsync("owner");

        await store.AddAsync("signing", key);

        using PrivateKey copy = await store.GetAsync("signing");
        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public async Task Rotation_makes_the_new_key_current_and_keeps_the_old_one()
    {
        using PrivateKey old = await AddAsync("agent");
        using PrivateKey replacement = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

        await store.RotateAsync("agent", replacement);

        using PrivateKey current = await store.GetAsync("agent");
        using PrivateKey former = await store.GetAsync("agent", old.PublicKey.KeyId);
        Assert.That(current.PublicKey, Is.EqualTo(replacement.PublicKey));
        Assert.That(former.PublicKey, Is.EqualTo(old.PublicKey));
        Assert.That((await store.ListAsync()).Select(entry => entry.IsCurrent), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task Rotation_leaves_other_names_alone()
    {
        using PrivateKey other = await AddAsync("other");
        using PrivateKey agent = await AddAsync("agent");
        using PrivateKey replacement = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        await store.RotateAsync("agent", replacement);

        using PrivateKey current = await store.GetAsync("other");
        Assert.That(current.PublicKey, Is.EqualTo(other.PublicKey));
    }

    [Test]
    public async Task Rotation_of_an_unknown_name_is_refused()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        Assert.That(async () => await store.RotateAsync("agent", key), Refusal.With(KeyStoreError.KeyNotFound));
    }

    [Test]
    public async Task Rotation_to_a_key_the_name_holds_is_refused()
    {
        using PrivateKey key = await AddAsync("agent");
        using PrivateKey replacement = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.RotateAsync("agent", replacement);

        Assert.That(async () => await store.RotateAsync("agent", replacement), Refusal.With(KeyStoreError.KeyExists));
        Assert.That(async () => await store.RotateAsync("agent", key), Refusal.With(KeyStoreError.KeyExists));
    }

    [Test]
    public async Task A_former_key_can_be_removed()
    {
        using PrivateKey old = await AddAsync("agent");
        using PrivateKey replacement = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.RotateAsync("agent", replacement);

        await store.RemoveAsync("agent", old.PublicKey.KeyId);

        Assert.That(async () => await store.GetAsync("agent", old.PublicKey.KeyId), Refusal.With(KeyStoreError.KeyNotFound));
        using PrivateKey current = await store.GetAsync("agent");
        Assert.That(current.PublicKey, Is.EqualTo(replacement.PublicKey));
    }

    [Test]
    public async Task The_current_key_cannot_be_removed_while_former_ones_remain()
    {
        using PrivateKey old = await AddAsync("agent");
        using PrivateKey replacement = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.RotateAsync("agent", replacement);

        Assert.That(async () => await store.RemoveAsync("agent", replacement.PublicKey.KeyId), Refusal.With(KeyStoreError.CurrentKey));

        Assert.That(await store.ListAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_last_key_takes_its_name_with_it()
    {
        using PrivateKey key = await AddAsync("agent");

        await store.RemoveAsync("agent", key.PublicKey.KeyId);

        Assert.That(await store.ListAsync(), Is.Empty);
        Assert.That(async () => await store.GetAsync("agent"), Refusal.With(KeyStoreError.KeyNotFound));
        await store.AddAsync("agent", key);
    }

    [Test]
    public async Task Removing_what_is_not_there_is_refused()
    {
        using PrivateKey key = await AddAsync("agent");
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        Assert.That(async () => await store.RemoveAsync("agent", other.PublicKey.KeyId), Refusal.With(KeyStoreError.KeyNotFound));
        Assert.That(async () => await store.RemoveAsync("nobody", key.PublicKey.KeyId), Refusal.With(KeyStoreError.KeyNotFound));
        Assert.That(async () => await store.RemoveAsync("agent", default), Refusal.With(KeyStoreError.KeyNotFound));
    }

    [Test]
    public void A_missing_name_or_key_is_refused()
    {
        Assert.That(async () => await store.GetAsync("nobody"), Refusal.With(KeyStoreError.KeyNotFound));
    }

    [Test]
    public async Task Names_are_compared_byte_exact()
    {
        using PrivateKey lower = await AddAsync("agent");
        using PrivateKey upper = await AddAsync("AGENT");

        using PrivateKey current = await store.GetAsync("agent");

        Assert.That(current.PublicKey, Is.EqualTo(lower.PublicKey));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a b")]
    [TestCase("a\nb")]
    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("é")]
    [TestCase("\ud800")]
    public void A_name_out_of_form_is_misuse(string name)
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        Assert.That(async () => await store.AddAsync(name, key), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.GetAsync(name), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.RotateAsync(name, key), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.RemoveAsync(name, key.PublicKey.KeyId), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public async Task A_name_has_at_most_256_characters()
    {
        using PrivateKey key = await AddAsync(new string('n', 256));

        Assert.That(async () => await store.AddAsync(new string('n', 257), key), Throws.ArgumentException);
    }

    [Test]
    public void A_null_argument_is_misuse()
    {
        Assert.That(async () => await store.AddAsync("agent", null!), Throws.ArgumentNullException);
        Assert.That(async () => await store.GetAsync(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_cancelled_call_does_nothing()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        CancellationToken cancelled = new(canceled: true);

        Assert.That(async () => await store.AddAsync("agent", key, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.GetAsync("agent", null, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await store.ListAsync(), Is.Empty);
    }

    [Test]
    public async Task A_disposed_store_cannot_be_used_and_can_be_disposed_again()
    {
        using PrivateKey key = await AddAsync("agent");
        ((IDisposable)store).Dispose();
        ((IDisposable)store).Dispose();

        Assert.That(async () => await store.ListAsync(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await store.GetAsync("agent"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await store.AddAsync("other", key), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await store.RemoveAsync("agent", key.PublicKey.KeyId), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_key_outlives_the_store_it_came_from()
    {
        using PrivateKey key = await AddAsync("agent");
        using PrivateKey copy = await store.GetAsync("agent");

        ((IDisposable)store).Dispose();

        Assert.That(copy.PublicKey.Verify("text"u8, copy.Sign("text"u8)), Is.True);
    }

    [Test]
    public async Task Many_threads_lose_nothing()
    {
        PrivateKey[] keys = [.. Enumerable.Range(0, 24).Select(_ => PrivateKey.Generate(KeyAlgorithm.Ed25519))];

        await Parallel.ForAsync(0, keys.Length, async (i, token) => await store.AddAsync($"agent-{i}", keys[i], token));

        for (int i = 0; i < keys.Length; i++)
        {
            using PrivateKey copy = await store.GetAsync($"agent-{i}");
            Assert.That(copy.PublicKey, Is.EqualTo(keys[i].PublicKey));
            keys[i].Dispose();
        }
    }

    private static byte[] Raw(PrivateKey key)
    {
        byte[] raw = new byte[key.Size];
        key.Export(raw);
        return raw;
    }

    private async Task<PrivateKey> AddAsync(string name)
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.AddAsync(name, key);
        return key;
    }
}
