using System.Text;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>What may never leave the key store: not in a log, not in an exception, not in memory after dispose.</summary>
[TestFixture]
internal sealed class KeyStoreSecrecyTests
{
    private static readonly byte[] Passphrase = "a passphrase nobody may see"u8.ToArray();

    private static readonly byte[] NextPassphrase = "another one nobody may see"u8.ToArray();

    [Test]
    public async Task No_log_and_no_exception_holds_a_key_or_a_passphrase()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("keys.json");
        using LogCapture log = new();
        List<string> texts = [];
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519, KeyExportPolicy.AllowPlaintextExport);
        using PrivateKey next = PrivateKey.Generate(KeyAlgorithm.Secp256k1, KeyExportPolicy.AllowPlaintextExport);

        using (EncryptedFileKeyStore store = await Cheap.CreateAsync(path, Passphrase, logger: log))
        {
            await store.AddAsync("agent", key);
            await FailAsync(store.AddAsync("agent", key), texts);
            await store.RotateAsync("agent", next);
            await FailAsync(store.RotateAsync("agent", next), texts);
            await FailAsync(store.RemoveAsync("agent", next.PublicKey.KeyId), texts);
            await store.RemoveAsync("agent", key.PublicKey.KeyId);
            await store.ChangePassphraseAsync(NextPassphrase, Cheap.Cost, CancellationToken.None);
            texts.Add(store.ToString()!);
        }

        await FailAsync(EncryptedFileKeyStore.OpenAsync(path, Passphrase, null, log), texts);
        (await EncryptedFileKeyStore.OpenAsync(path, NextPassphrase, null, log)).Dispose();
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[1..]);
        await FailAsync(EncryptedFileKeyStore.OpenAsync(path, NextPassphrase, null, log), texts);

        texts.AddRange(log.Lines);
        Assert.That(log.Ids.Distinct().Order(), Is.EqualTo(new[] { 500, 501, 502, 503, 504, 505, 506 }));
        Assert.That(texts, Has.Count.GreaterThanOrEqualTo(12));
        foreach (byte[] secret in new[] { Passphrase, NextPassphrase, Raw(key), Raw(next) })
        {
            foreach (string form in new[]
            {
                Encoding.Latin1.GetString(secret), Convert.ToBase64String(secret)[..20], Convert.ToHexString(secret)[..20], string.Join(", ", secret.Take(6)),
            })
            {
                Assert.That(texts, Has.None.Contains(form).IgnoreCase);
            }
        }
    }

    [Test]
    [Platform("Unix")]
    public async Task A_file_others_can_read_is_warned_about()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("keys.json");
        (await Cheap.CreateAsync(path, Passphrase)).Dispose();
        using LogCapture log = new();
        (await EncryptedFileKeyStore.OpenAsync(path, Passphrase, null, log)).Dispose();
        Assert.That(log.Ids, Does.Not.Contain(507));

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        (await EncryptedFileKeyStore.OpenAsync(path, Passphrase, null, log)).Dispose();
        Assert.That(log.Ids, Does.Contain(507));
    }

    private static async Task FailAsync(ValueTask call, List<string> texts)
    {
        KeyStoreException? refusal = Assert.ThrowsAsync<KeyStoreException>(async () => await call);
        texts.Add(refusal!.ToString());
        await Task.CompletedTask;
    }

    private static async Task FailAsync(ValueTask<EncryptedFileKeyStore> call, List<string> texts)
    {
        KeyStoreException? refusal = Assert.ThrowsAsync<KeyStoreException>(async () => await call);
        texts.Add(refusal!.ToString());
        await Task.CompletedTask;
    }

    private static byte[] Raw(PrivateKey key)
    {
        byte[] raw = new byte[key.Size];
        key.Export(raw);
        return raw;
    }
}
