using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>What the file store adds to the contract: passphrases, hostile files, other processes, crashes.</summary>
[TestFixture]
internal sealed class EncryptedFileKeyStoreTests
{
    private static readonly byte[] Passphrase = "correct horse battery staple"u8.ToArray();

    private TemporaryFolder folder = null!;
    private string path = null!;
    private EncryptedFileKeyStore store = null!;

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

    [Test]
    public async Task Keys_are_there_when_the_file_is_opened_again()
    {
        using PrivateKey key = await AddAsync("agent");

        using EncryptedFileKeyStore again = await OpenAsync();

        using PrivateKey copy = await again.GetAsync("agent");
        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public async Task A_new_store_has_the_standard_cost_and_opens()
    {
        string standard = folder.File("standard.json");
        (await EncryptedFileKeyStore.CreateAsync(standard, Passphrase)).Dispose();

        JsonNode kdf = KeyStoreForgery.Parse(await File.ReadAllBytesAsync(standard))["kdf"]!;

        using EncryptedFileKeyStore opened = await EncryptedFileKeyStore.OpenAsync(standard, Passphrase);
        Assert.That(kdf["name"]!.GetValue<string>(), Is.EqualTo("argon2id"));
        Assert.That(kdf["memory_kib"]!.GetValue<int>(), Is.EqualTo(64 * 1024));
        Assert.That(kdf["passes"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(kdf["lanes"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_file_holds_no_raw_key_and_no_passphrase()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519, KeyExportPolicy.AllowPlaintextExport);
        await store.AddAsync("agent", key);
        byte[] raw = new byte[32];
        key.Export(raw);

        byte[] file = await File.ReadAllBytesAsync(path);

        string text = Encoding.Latin1.GetString(file);
        Assert.That(file.AsSpan().IndexOf(raw), Is.Negative);
        Assert.That(text, Does.Not.Contain(Convert.ToBase64String(raw)));
        Assert.That(text, Does.Not.Contain(Convert.ToHexString(raw)).IgnoreCase);
        Assert.That(file.AsSpan().IndexOf(Passphrase), Is.Negative);
    }

    [Test]
    public async Task A_wrong_passphrase_is_named_and_changes_nothing()
    {
        await AddAsync("agent");
        byte[] before = await File.ReadAllBytesAsync(path);

        foreach (string wrong in new[] { "correct horse battery stapl", "correct horse battery staple ", "x" })
        {
            Assert.That(async () => await OpenAsync(Encoding.UTF8.GetBytes(wrong)), Refusal.With(KeyStoreError.WrongPassphrase));
        }

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(before));
    }

    [Test]
    public void An_empty_passphrase_is_misuse()
    {
        Assert.That(async () => await OpenAsync([]), Throws.ArgumentException);
        Assert.That(async () => await Cheap.CreateAsync(folder.File("other.json"), default), Throws.ArgumentException);
        Assert.That(async () => await store.ChangePassphraseAsync(default), Throws.ArgumentException);
        Assert.That(File.Exists(folder.File("other.json")), Is.False);
    }

    [Test]
    public void A_missing_file_or_folder_is_not_found()
    {
        Assert.That(async () => await EncryptedFileKeyStore.OpenAsync(folder.File("none.json"), Passphrase), Refusal.With(KeyStoreError.NotFound));
        Assert.That(async () => await EncryptedFileKeyStore.OpenAsync(folder.File("none/keys.json"), Passphrase), Refusal.With(KeyStoreError.NotFound));
    }

    [Test]
    public async Task Creating_never_replaces_a_file()
    {
        byte[] before = await File.ReadAllBytesAsync(path);

        Assert.That(async () => await Cheap.CreateAsync(path, "other"u8.ToArray()), Refusal.With(KeyStoreError.AlreadyExists));

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(before));
    }

    [Test]
    public async Task Every_flipped_bit_is_refused_and_never_blamed_on_the_passphrase()
    {
        await AddAsync("agent");
        byte[] good = await File.ReadAllBytesAsync(path);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(path, bad);

            KeyStoreException? refusal = Assert.ThrowsAsync<KeyStoreException>(async () => (await OpenAsync()).Dispose(), $"byte {i}");
            Assert.That(refusal!.Error, Is.EqualTo(KeyStoreError.Corrupted).Or.EqualTo(KeyStoreError.Unsupported), $"byte {i}");
        }
    }

    [Test]
    public async Task Every_truncation_is_refused()
    {
        await AddAsync("agent");
        byte[] good = await File.ReadAllBytesAsync(path);
        for (int length = 0; length < good.Length; length++)
        {
            await File.WriteAllBytesAsync(path, good[..length]);

            Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Corrupted), $"{length} bytes");
        }

        await File.WriteAllBytesAsync(path, good);
        (await OpenAsync()).Dispose();
    }

    [Test]
    public async Task A_file_over_one_mebibyte_is_refused_without_reading_it_all()
    {
        await using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(1L << 40);
        }

        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Corrupted));
    }

    [Test]
    [Platform("Linux")]
    public void An_endless_device_is_refused() =>
        Assert.That(async () => await EncryptedFileKeyStore.OpenAsync("/dev/zero", Passphrase), Refusal.With(KeyStoreError.Corrupted));

    [Test]
    public async Task A_cost_bomb_is_refused_at_once()
    {
        byte[] bomb = KeyStoreForgery.Change(await File.ReadAllBytesAsync(path), root =>
        {
            root["kdf"]!["memory_kib"] = 1 << 30;
            root["kdf"]!["passes"] = 1 << 30;
        });
        await File.WriteAllBytesAsync(path, bomb);

        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Unsupported));
    }

    [Test]
    public async Task Removed_reordered_or_duplicated_entries_are_noticed()
    {
        await AddAsync("one");
        await AddAsync("two");
        byte[] good = await File.ReadAllBytesAsync(path);

        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["keys"]!.AsArray().RemoveAt(0)));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["keys"] = new JsonArray()));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => Move(root["keys"]!.AsArray())));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["keys"]!.AsArray().Add(Renamed(root["keys"]![0]!, "three"))));
    }

    [Test]
    public async Task Swapped_names_or_secrets_are_noticed()
    {
        await AddAsync("one");
        await AddAsync("two");
        byte[] good = await File.ReadAllBytesAsync(path);

        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => Swap(root, "name")));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => { Swap(root, "sealed"); Swap(root, "nonce"); }));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["keys"]![0]!["exportable"] = true));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["keys"]![0]!["created_at"] = "2001-01-01T00:00:00Z"));
        await ExpectChangedAsync(KeyStoreForgery.Change(good, root => root["revision"] = 1000));
    }

    [Test]
    public async Task An_entry_of_an_older_version_cannot_come_back()
    {
        using PrivateKey key = await AddAsync("agent");
        JsonNode old = KeyStoreForgery.Keys(await File.ReadAllBytesAsync(path))[0]!;
        await store.RemoveAsync("agent", key.PublicKey.KeyId);

        await ExpectChangedAsync(KeyStoreForgery.Change(await File.ReadAllBytesAsync(path), root => root["keys"]!.AsArray().Add(old.DeepClone())));
    }

    [Test]
    public async Task An_entry_of_another_store_under_the_same_passphrase_cannot_move_in()
    {
        string otherPath = folder.File("other.json");
        using EncryptedFileKeyStore other = await Cheap.CreateAsync(otherPath, Passphrase);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await other.AddAsync("agent", key);
        JsonNode entry = KeyStoreForgery.Keys(await File.ReadAllBytesAsync(otherPath))[0]!;

        await ExpectChangedAsync(KeyStoreForgery.Change(await File.ReadAllBytesAsync(path), root => root["keys"]!.AsArray().Add(entry.DeepClone())));
    }

    [Test]
    public async Task A_file_put_in_place_of_an_open_store_is_a_conflict()
    {
        await AddAsync("agent");
        byte[] own = await File.ReadAllBytesAsync(path);
        string otherPath = folder.File("other.json");
        (await Cheap.CreateAsync(otherPath, Passphrase)).Dispose();
        File.Copy(otherPath, path, overwrite: true);

        Assert.That(async () => await store.ListAsync(), Refusal.With(KeyStoreError.Conflict));
        Assert.That(async () => await AddAsync("more"), Refusal.With(KeyStoreError.Conflict));
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(await File.ReadAllBytesAsync(otherPath)));

        await File.WriteAllBytesAsync(path, own);
        Assert.That(await store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_older_version_put_in_place_of_an_open_store_is_a_conflict()
    {
        byte[] old = await File.ReadAllBytesAsync(path);
        await AddAsync("agent");
        await File.WriteAllBytesAsync(path, old);

        Assert.That(async () => await store.ListAsync(), Refusal.With(KeyStoreError.Conflict));
        Assert.That(async () => await AddAsync("more"), Refusal.With(KeyStoreError.Conflict));
    }

    [Test]
    public async Task A_file_removed_under_an_open_store_is_not_found_and_not_made_again()
    {
        File.Delete(path);

        Assert.That(async () => await store.ListAsync(), Refusal.With(KeyStoreError.NotFound));
        Assert.That(async () => await AddAsync("agent"), Refusal.With(KeyStoreError.NotFound));
        Assert.That(File.Exists(path), Is.False);
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_store_damaged_while_open_refuses_to_write_over_it()
    {
        byte[] damaged = (await File.ReadAllBytesAsync(path))[..^10];
        await File.WriteAllBytesAsync(path, damaged);

        Assert.That(async () => await AddAsync("agent"), Refusal.With(KeyStoreError.Corrupted));

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(damaged));
    }

    [Test]
    public async Task Two_instances_on_one_file_lose_nothing()
    {
        using EncryptedFileKeyStore second = await OpenAsync();
        PrivateKey[] keys = [.. Enumerable.Range(0, 40).Select(_ => PrivateKey.Generate(KeyAlgorithm.Ed25519))];

        await Parallel.ForAsync(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
            await (i % 2 == 0 ? store : second).AddAsync($"agent-{i}", keys[i], token));

        using EncryptedFileKeyStore third = await OpenAsync();
        Assert.That(await third.ListAsync(), Has.Count.EqualTo(keys.Length));
        for (int i = 0; i < keys.Length; i++)
        {
            using PrivateKey copy = await third.GetAsync($"agent-{i}");
            Assert.That(copy.PublicKey, Is.EqualTo(keys[i].PublicKey));
            keys[i].Dispose();
        }
    }

    [Test]
    public async Task A_reader_sees_a_whole_file_while_others_write()
    {
        using EncryptedFileKeyStore reader = await OpenAsync();
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                await store.AddAsync($"agent-{i}", key);
            }
        });

        int seen = 0;
        do
        {
            int count = (await reader.ListAsync()).Count;
            Assert.That(count, Is.GreaterThanOrEqualTo(seen));
            seen = count;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.That(await reader.ListAsync(), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task What_a_crash_left_behind_is_in_nobodys_way()
    {
        await AddAsync("one");
        await File.WriteAllBytesAsync(path + ".tmp", (await File.ReadAllBytesAsync(path))[..100]);
        await File.WriteAllTextAsync(path + ".lock", "4711");

        using EncryptedFileKeyStore opened = await OpenAsync();
        Assert.That(await opened.ListAsync(), Has.Count.EqualTo(1));
        await AddAsync("two");

        Assert.That(await opened.ListAsync(), Has.Count.EqualTo(2));
        Assert.That(File.Exists(path + ".tmp"), Is.False);
    }

    [Test]
    [Platform("Unix")]
    public async Task A_link_planted_as_the_temporary_file_is_not_followed()
    {
        string victim = folder.File("victim");
        await File.WriteAllTextAsync(victim, "untouched");
        File.CreateSymbolicLink(path + ".tmp", victim);

        await AddAsync("agent");

        Assert.That(await File.ReadAllTextAsync(victim), Is.EqualTo("untouched"));
        Assert.That(await store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    [Platform("Unix")]
    public async Task A_store_behind_a_link_is_changed_where_it_is()
    {
        string link = folder.File("link.json");
        File.CreateSymbolicLink(link, path);
        using EncryptedFileKeyStore linked = await EncryptedFileKeyStore.OpenAsync(link, Passphrase);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        await linked.AddAsync("agent", key);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(path));
        Assert.That(await store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    [Platform("Unix")]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_for_their_owner_only_from_the_start()
    {
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(AtomicFile.OwnerOnly));
        File.SetUnixFileMode(path, AtomicFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await AddAsync("agent");

        Assert.That(Directory.GetFiles(folder.Path).Select(File.GetUnixFileMode), Is.All.EqualTo(AtomicFile.OwnerOnly));
    }

    [Test]
    [Platform("Unix")]
    public async Task A_failed_write_leaves_the_old_file_and_no_temporary_one()
    {
        Directory.CreateDirectory(path + ".tmp");
        byte[] before = await File.ReadAllBytesAsync(path);

        Assert.That(async () => await AddAsync("agent"), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(before));
        Directory.Delete(path + ".tmp");
        await AddAsync("agent");
        Assert.That(await store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_lock_held_elsewhere_is_waited_for_and_then_given_up()
    {
        FakeTimeProvider time = new();
        using EncryptedFileKeyStore waiting = await EncryptedFileKeyStore.OpenAsync(path, Passphrase, time);
        using FileLock held = (await FileLock.TryAcquireAsync(path + ".lock", TimeProvider.System, default))!;
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        Task adding = waiting.AddAsync("agent", key).AsTask();
        while (!adding.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.That(async () => await adding, Refusal.With(KeyStoreError.Busy));
        Assert.That(time.GetUtcNow() - time.Start, Is.GreaterThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Waiting_for_the_lock_can_be_cancelled()
    {
        using EncryptedFileKeyStore waiting = await EncryptedFileKeyStore.OpenAsync(path, Passphrase, new FakeTimeProvider());
        using FileLock held = (await FileLock.TryAcquireAsync(path + ".lock", TimeProvider.System, default))!;
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using CancellationTokenSource cancellation = new();

        Task adding = waiting.AddAsync("agent", key, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        Assert.That(async () => await adding, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_changed_passphrase_opens_the_same_keys_and_the_old_one_nothing()
    {
        using PrivateKey key = await AddAsync("agent");
        using EncryptedFileKeyStore other = await OpenAsync();
        byte[] next = "another passphrase"u8.ToArray();

        await store.ChangePassphraseAsync(next, Cheap.Cost, CancellationToken.None);

        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.WrongPassphrase));
        Assert.That(async () => await other.ListAsync(), Refusal.With(KeyStoreError.Conflict));
        using EncryptedFileKeyStore opened = await OpenAsync(next);
        using PrivateKey copy = await opened.GetAsync("agent");
        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
        await AddAsync("more");
        Assert.That(await opened.ListAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_changed_passphrase_has_another_salt_other_nonces_and_todays_cost()
    {
        await AddAsync("agent");
        JsonObject before = KeyStoreForgery.Parse(await File.ReadAllBytesAsync(path));

        await store.ChangePassphraseAsync("next"u8.ToArray());

        JsonObject after = KeyStoreForgery.Parse(await File.ReadAllBytesAsync(path));
        Assert.That(after["kdf"]!["salt"]!.GetValue<string>(), Is.Not.EqualTo(before["kdf"]!["salt"]!.GetValue<string>()));
        Assert.That(after["keys"]![0]!["nonce"]!.GetValue<string>(), Is.Not.EqualTo(before["keys"]![0]!["nonce"]!.GetValue<string>()));
        Assert.That(after["kdf"]!["memory_kib"]!.GetValue<int>(), Is.EqualTo(64 * 1024));
        Assert.That(after["id"]!.GetValue<string>(), Is.EqualTo(before["id"]!.GetValue<string>()));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public Property Random_bytes_are_refused_as_corrupted() => Prop.ForAll<byte[]>(bytes =>
    {
        string random = folder.File("random");
        File.WriteAllBytes(random, bytes);
        KeyStoreException? refusal = Assert.ThrowsAsync<KeyStoreException>(async () => await EncryptedFileKeyStore.OpenAsync(random, Passphrase));
        return refusal?.Error == KeyStoreError.Corrupted;
    });

    private static void Swap(JsonObject root, string member)
    {
        JsonNode first = root["keys"]![0]!;
        JsonNode second = root["keys"]![1]!;
        (string a, string b) = (first[member]!.GetValue<string>(), second[member]!.GetValue<string>());
        first[member] = b;
        second[member] = a;
    }

    private static void Move(JsonArray keys)
    {
        JsonNode first = keys[0]!;
        keys.RemoveAt(0);
        keys.Add(first);
    }

    private static JsonNode Renamed(JsonNode key, string name)
    {
        JsonNode copy = key.DeepClone();
        copy["name"] = name;
        return copy;
    }

    private async Task ExpectChangedAsync(byte[] forged)
    {
        byte[] good = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, forged);
        Assert.That(KeyStoreFile.TryParse(forged, out _, out _), Is.True, "the forgery must get past the syntax");
        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Corrupted));
        Assert.That(async () => await store.ListAsync(), Refusal.With(KeyStoreError.Corrupted));
        await File.WriteAllBytesAsync(path, good);
    }

    private ValueTask<EncryptedFileKeyStore> OpenAsync() => OpenAsync(Passphrase);

    private ValueTask<EncryptedFileKeyStore> OpenAsync(byte[] passphrase) => EncryptedFileKeyStore.OpenAsync(path, passphrase);

    private async Task<PrivateKey> AddAsync(string name)
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await store.AddAsync(name, key);
        return key;
    }
}
