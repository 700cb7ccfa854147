using System.Text;
using System.Text.Json.Nodes;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Passphrases, and what stands in the file.</summary>
[TestFixture]
internal sealed class EncryptedFileKeyStoreTests : EncryptedFileKeyStoreFixture
{
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
        string standard = Folder.File("standard.json");
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
        await Store.AddAsync("agent", key);
        byte[] raw = new byte[32];
        key.Export(raw);

        byte[] file = await File.ReadAllBytesAsync(StorePath);

        string text = Encoding.Latin1.GetString(file);
        Assert.That(file.AsSpan().IndexOf(raw), Is.Negative);
        Assert.That(text, Does.Not.Contain(Convert.ToBase64String(raw)));
        Assert.That(text, Does.Not.Contain(Convert.ToHexString(raw)).IgnoreCase);
        Assert.That(file.AsSpan().IndexOf(Passphrase), Is.Negative);
    }

    [Test]
    public async Task A_store_that_would_be_too_large_to_read_again_is_full()
    {
        byte[] pem = Encoding.ASCII.GetBytes(Unit.Formats.RsaKeys.LongestPrivatePem);
        using PrivateKey key = Pem.ImportPrivateKey(pem, KeyAlgorithm.RsaPssSha512);
        int added = 0;
        try
        {
            for (; added < 1000; added++)
            {
                await Store.AddAsync($"agent-{added}", key);
            }
        }
        catch (KeyStoreException refusal)
        {
            Assert.That(refusal.Error, Is.EqualTo(KeyStoreError.Full));
        }

        Assert.That(added, Is.InRange(100, 200));
        Assert.That(await Store.ListAsync(), Has.Count.EqualTo(added));
        await Store.RemoveAsync("agent-0", key.PublicKey.KeyId);
        await Store.AddAsync("again", key);
        using PrivateKey read = await Store.GetAsync($"agent-{added - 1}");
        Assert.That(read.PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public async Task A_wrong_passphrase_is_named_and_changes_nothing()
    {
        await AddAsync("agent");
        byte[] before = await File.ReadAllBytesAsync(StorePath);

        foreach (string wrong in new[] { "correct horse battery stapl", "correct horse battery staple ", "x" })
        {
            Assert.That(async () => await OpenAsync(Encoding.UTF8.GetBytes(wrong)), Refusal.With(KeyStoreError.WrongPassphrase));
        }

        Assert.That(await File.ReadAllBytesAsync(StorePath), Is.EqualTo(before));
    }

    [Test]
    public void An_empty_passphrase_is_misuse()
    {
        Assert.That(async () => await OpenAsync([]), Throws.ArgumentException);
        Assert.That(async () => await Cheap.CreateAsync(Folder.File("other.json"), default), Throws.ArgumentException);
        Assert.That(async () => await Store.ChangePassphraseAsync(default), Throws.ArgumentException);
        Assert.That(File.Exists(Folder.File("other.json")), Is.False);
    }

    [Test]
    public void A_missing_file_or_folder_is_not_found()
    {
        Assert.That(async () => await EncryptedFileKeyStore.OpenAsync(Folder.File("none.json"), Passphrase), Refusal.With(KeyStoreError.NotFound));
        Assert.That(async () => await EncryptedFileKeyStore.OpenAsync(Folder.File("none/keys.json"), Passphrase), Refusal.With(KeyStoreError.NotFound));
    }

    [Test]
    public async Task Creating_never_replaces_a_file()
    {
        byte[] before = await File.ReadAllBytesAsync(StorePath);

        Assert.That(async () => await Cheap.CreateAsync(StorePath, "other"u8.ToArray()), Refusal.With(KeyStoreError.AlreadyExists));

        Assert.That(await File.ReadAllBytesAsync(StorePath), Is.EqualTo(before));
    }

    [Test]
    public async Task A_changed_passphrase_opens_the_same_keys_and_the_old_one_nothing()
    {
        using PrivateKey key = await AddAsync("agent");
        using EncryptedFileKeyStore other = await OpenAsync();
        byte[] next = "another passphrase"u8.ToArray();

        await Store.ChangePassphraseAsync(next, Cheap.Cost, CancellationToken.None);

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
        JsonObject before = KeyStoreForgery.Parse(await File.ReadAllBytesAsync(StorePath));

        await Store.ChangePassphraseAsync("next"u8.ToArray());

        JsonObject after = KeyStoreForgery.Parse(await File.ReadAllBytesAsync(StorePath));
        Assert.That(after["kdf"]!["salt"]!.GetValue<string>(), Is.Not.EqualTo(before["kdf"]!["salt"]!.GetValue<string>()));
        Assert.That(after["keys"]![0]!["nonce"]!.GetValue<string>(), Is.Not.EqualTo(before["keys"]![0]!["nonce"]!.GetValue<string>()));
        Assert.That(after["kdf"]!["memory_kib"]!.GetValue<int>(), Is.EqualTo(64 * 1024));
        Assert.That(after["id"]!.GetValue<string>(), Is.EqualTo(before["id"]!.GetValue<string>()));
    }
}
