using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Files that were damaged, forged or exchanged, when a store is opened and while it is open.</summary>
[TestFixture]
internal sealed class EncryptedFileKeyStoreHostileTests : EncryptedFileKeyStoreFixture
{
    [Test]
    public async Task Every_flipped_bit_is_refused_and_never_blamed_on_the_passphrase()
    {
        await AddAsync("agent");
        byte[] good = await File.ReadAllBytesAsync(StorePath);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(StorePath, bad);

            KeyStoreException? refusal = Assert.ThrowsAsync<KeyStoreException>(async () => (await OpenAsync()).Dispose(), $"byte {i}");
            Assert.That(refusal!.Error, Is.EqualTo(KeyStoreError.Corrupted).Or.EqualTo(KeyStoreError.Unsupported), $"byte {i}");
        }
    }

    [Test]
    public async Task Every_truncation_is_refused()
    {
        await AddAsync("agent");
        byte[] good = await File.ReadAllBytesAsync(StorePath);
        for (int length = 0; length < good.Length; length++)
        {
            await File.WriteAllBytesAsync(StorePath, good[..length]);

            Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Corrupted), $"{length} bytes");
        }

        await File.WriteAllBytesAsync(StorePath, good);
        (await OpenAsync()).Dispose();
    }

    [Test]
    public async Task A_file_over_one_mebibyte_is_refused_without_reading_it_all()
    {
        await using (FileStream stream = File.OpenWrite(StorePath))
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
        byte[] bomb = KeyStoreForgery.Change(await File.ReadAllBytesAsync(StorePath), root =>
        {
            root["kdf"]!["memory_kib"] = 1 << 30;
            root["kdf"]!["passes"] = 1 << 30;
        });
        await File.WriteAllBytesAsync(StorePath, bomb);

        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Unsupported));
    }

    [Test]
    public async Task Removed_reordered_or_duplicated_entries_are_noticed()
    {
        await AddAsync("one");
        await AddAsync("two");
        byte[] good = await File.ReadAllBytesAsync(StorePath);

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
        byte[] good = await File.ReadAllBytesAsync(StorePath);

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
        JsonNode old = KeyStoreForgery.Keys(await File.ReadAllBytesAsync(StorePath))[0]!;
        await Store.RemoveAsync("agent", key.PublicKey.KeyId);

        await ExpectChangedAsync(KeyStoreForgery.Change(await File.ReadAllBytesAsync(StorePath), root => root["keys"]!.AsArray().Add(old.DeepClone())));
    }

    [Test]
    public async Task An_entry_of_another_store_under_the_same_passphrase_cannot_move_in()
    {
        string otherPath = Folder.File("other.json");
        using EncryptedFileKeyStore other = await Cheap.CreateAsync(otherPath, Passphrase);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await other.AddAsync("agent", key);
        JsonNode entry = KeyStoreForgery.Keys(await File.ReadAllBytesAsync(otherPath))[0]!;

        await ExpectChangedAsync(KeyStoreForgery.Change(await File.ReadAllBytesAsync(StorePath), root => root["keys"]!.AsArray().Add(entry.DeepClone())));
    }

    [Test]
    public async Task A_file_put_in_place_of_an_open_store_is_a_conflict()
    {
        await AddAsync("agent");
        byte[] own = await File.ReadAllBytesAsync(StorePath);
        string otherPath = Folder.File("other.json");
        (await Cheap.CreateAsync(otherPath, Passphrase)).Dispose();
        File.Copy(otherPath, StorePath, overwrite: true);

        Assert.That(async () => await Store.ListAsync(), Refusal.With(KeyStoreError.Conflict));
        Assert.That(async () => await AddAsync("more"), Refusal.With(KeyStoreError.Conflict));
        Assert.That(await File.ReadAllBytesAsync(StorePath), Is.EqualTo(await File.ReadAllBytesAsync(otherPath)));

        await File.WriteAllBytesAsync(StorePath, own);
        Assert.That(await Store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_older_version_put_in_place_of_an_open_store_is_a_conflict()
    {
        byte[] old = await File.ReadAllBytesAsync(StorePath);
        await AddAsync("agent");
        await File.WriteAllBytesAsync(StorePath, old);

        Assert.That(async () => await Store.ListAsync(), Refusal.With(KeyStoreError.Conflict));
        Assert.That(async () => await AddAsync("more"), Refusal.With(KeyStoreError.Conflict));
    }

    [Test]
    public async Task A_file_removed_under_an_open_store_is_not_found_and_not_made_again()
    {
        File.Delete(StorePath);

        Assert.That(async () => await Store.ListAsync(), Refusal.With(KeyStoreError.NotFound));
        Assert.That(async () => await AddAsync("agent"), Refusal.With(KeyStoreError.NotFound));
        Assert.That(File.Exists(StorePath), Is.False);
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_store_damaged_while_open_refuses_to_write_over_it()
    {
        byte[] damaged = (await File.ReadAllBytesAsync(StorePath))[..^10];
        await File.WriteAllBytesAsync(StorePath, damaged);

        Assert.That(async () => await AddAsync("agent"), Refusal.With(KeyStoreError.Corrupted));

        Assert.That(await File.ReadAllBytesAsync(StorePath), Is.EqualTo(damaged));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public Property Random_bytes_are_refused_as_corrupted() => Prop.ForAll<byte[]>(bytes =>
    {
        string random = Folder.File("random");
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
        byte[] good = await File.ReadAllBytesAsync(StorePath);
        await File.WriteAllBytesAsync(StorePath, forged);
        Assert.That(KeyStoreFile.TryParse(forged, out _, out _), Is.True, "the forgery must get past the syntax");
        Assert.That(async () => await OpenAsync(), Refusal.With(KeyStoreError.Corrupted));
        Assert.That(async () => await Store.ListAsync(), Refusal.With(KeyStoreError.Corrupted));
        await File.WriteAllBytesAsync(StorePath, good);
    }
}
