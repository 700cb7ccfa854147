using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Other processes, crashes, links and modes.</summary>
[TestFixture]
internal sealed class EncryptedFileKeyStoreProcessTests : EncryptedFileKeyStoreFixture
{
    [Test]
    public async Task Two_instances_on_one_file_lose_nothing()
    {
        using EncryptedFileKeyStore second = await OpenAsync();
        PrivateKey[] keys = [.. Enumerable.Range(0, 40).Select(_ => PrivateKey.Generate(KeyAlgorithm.Ed25519))];

        await Parallel.ForAsync(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
            await (i % 2 == 0 ? Store : second).AddAsync($"agent-{i}", keys[i], token));

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
                await Store.AddAsync($"agent-{i}", key);
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
        await File.WriteAllBytesAsync(StorePath + ".tmp", (await File.ReadAllBytesAsync(StorePath))[..100]);
        await File.WriteAllTextAsync(StorePath + ".lock", "4711");

        using EncryptedFileKeyStore opened = await OpenAsync();
        Assert.That(await opened.ListAsync(), Has.Count.EqualTo(1));
        await AddAsync("two");

        Assert.That(await opened.ListAsync(), Has.Count.EqualTo(2));
        Assert.That(File.Exists(StorePath + ".tmp"), Is.False);
    }

    [Test]
    [Platform("Unix")]
    public async Task A_link_planted_as_the_temporary_file_is_not_followed()
    {
        string victim = Folder.File("victim");
        await File.WriteAllTextAsync(victim, "untouched");
        File.CreateSymbolicLink(StorePath + ".tmp", victim);

        await AddAsync("agent");

        Assert.That(await File.ReadAllTextAsync(victim), Is.EqualTo("untouched"));
        Assert.That(await Store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    [Platform("Unix")]
    public async Task A_store_behind_a_link_is_changed_where_it_is()
    {
        string link = Folder.File("link.json");
        File.CreateSymbolicLink(link, StorePath);
        using EncryptedFileKeyStore linked = await EncryptedFileKeyStore.OpenAsync(link, Passphrase);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

        await linked.AddAsync("agent", key);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(StorePath));
        Assert.That(await Store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    [Platform("Unix")]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_for_their_owner_only_from_the_start()
    {
        Assert.That(File.GetUnixFileMode(StorePath), Is.EqualTo(AtomicFile.OwnerOnly));
        File.SetUnixFileMode(StorePath, AtomicFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await AddAsync("agent");

        Assert.That(Directory.GetFiles(Folder.Path).Select(File.GetUnixFileMode), Is.All.EqualTo(AtomicFile.OwnerOnly));
    }

    [Test]
    [Platform("Unix")]
    public async Task A_failed_write_leaves_the_old_file_and_no_temporary_one()
    {
        Directory.CreateDirectory(StorePath + ".tmp");
        byte[] before = await File.ReadAllBytesAsync(StorePath);

        Assert.That(async () => await AddAsync("agent"), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());

        Assert.That(await File.ReadAllBytesAsync(StorePath), Is.EqualTo(before));
        Directory.Delete(StorePath + ".tmp");
        await AddAsync("agent");
        Assert.That(await Store.ListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_lock_held_elsewhere_is_waited_for_and_then_given_up()
    {
        FakeTimeProvider time = new();
        using EncryptedFileKeyStore waiting = await EncryptedFileKeyStore.OpenAsync(StorePath, Passphrase, time);
        using FileLock held = (await FileLock.TryAcquireAsync(StorePath + ".lock", TimeProvider.System, default))!;
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
        using EncryptedFileKeyStore waiting = await EncryptedFileKeyStore.OpenAsync(StorePath, Passphrase, new FakeTimeProvider());
        using FileLock held = (await FileLock.TryAcquireAsync(StorePath + ".lock", TimeProvider.System, default))!;
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using CancellationTokenSource cancellation = new();

        Task adding = waiting.AddAsync("agent", key, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        Assert.That(async () => await adding, Throws.InstanceOf<OperationCanceledException>());
    }
}
