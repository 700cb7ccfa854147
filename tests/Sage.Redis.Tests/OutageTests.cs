using System.Diagnostics;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>The server goes away, comes back, hangs and loses its scripts; nothing is accepted that is not certain.</summary>
[TestFixture]
internal sealed class OutageTests
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddMinutes(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_killed_server_refuses_everything_and_has_forgotten_nothing_when_it_is_back()
    {
        await using RedisServer server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration);
        for (int i = 0; i < 200; i++)
        {
            Assert.That(await store.TryConsumeAsync("scope", $"{i}", Until), Is.EqualTo(NonceResult.Accepted));
        }

        await server.StopAsync();
        for (int i = 195; i < 205; i++)
        {
            Assert.That(async () => await store.TryConsumeAsync("scope", $"{i}", Until), Throws.InstanceOf<IOException>());
        }

        await server.StartAgainAsync();
        Assert.That(await WhenAnsweredAsync(store, "first after the outage"), Is.EqualTo(NonceResult.Accepted));
        for (int i = 0; i < 200; i++)
        {
            Assert.That(await store.TryConsumeAsync("scope", $"{i}", Until), Is.EqualTo(NonceResult.Replayed));
        }
    }

    [Test]
    public async Task A_store_made_before_its_server_refuses_until_the_server_is_there()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromMilliseconds(500) });

        Assert.That(async () => await store.CheckAsync(), Throws.InstanceOf<IOException>());
        Assert.That(async () => await store.TryConsumeAsync("scope", "nonce", Until), Throws.InstanceOf<IOException>());

        await server.StartAgainAsync();
        Assert.That(await WhenAnsweredAsync(store, "nonce"), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task A_call_that_times_out_after_it_was_sent_is_refused_and_never_accepted_later()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromSeconds(3) });
        await store.CheckAsync();

        // The server takes the command and does it only when it is let.
        await admin.RunAsync("CLIENT", "PAUSE", "60000", "WRITE");
        IOException? failure = Assert.ThrowsAsync<IOException>(async () => await store.TryConsumeAsync("scope", "nonce", Until));
        Assert.That(failure!.InnerException, Is.InstanceOf<TimeoutException>());
        await admin.RunAsync("CLIENT", "UNPAUSE");

        Assert.That(await WhenAnsweredAsync(store, "nonce"), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_cancelled_wait_ends_and_the_nonce_is_not_accepted_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromMinutes(1) });
        await store.CheckAsync();
        await admin.RunAsync("CLIENT", "PAUSE", "60000", "WRITE");
        using CancellationTokenSource cancel = new();
        Task<NonceResult> waiting = store.TryConsumeAsync("scope", "nonce", Until, cancel.Token).AsTask();
        await cancel.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        await admin.RunAsync("CLIENT", "UNPAUSE");
        Assert.That(await WhenAnsweredAsync(store, "nonce"), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_server_that_forgot_the_script_gets_it_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = Patience });
        Assert.That(await store.TryConsumeAsync("scope", "first", Until), Is.EqualTo(NonceResult.Accepted));
        await admin.RunAsync("SCRIPT", "FLUSH");

        Assert.That(await store.TryConsumeAsync("scope", "second", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "second", Until), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_server_without_memory_takes_no_nonce_and_forgets_none()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = Patience }, logger: logger);
        await store.TryConsumeAsync("scope", "old", Until);
        await admin.RunAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.That(await store.TryConsumeAsync("scope", "new", Until), Is.EqualTo(NonceResult.Full));
        Assert.That(await store.TryConsumeAsync("scope", "old", Until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(logger.Entries.Select(entry => entry.Id), Does.Contain(8020));

        await admin.RunAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.That(await store.TryConsumeAsync("scope", "new", Until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task A_replica_is_never_written_to()
    {
        await using RedisServer primary = await RedisServer.StartAsync();
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{primary.Port}");
        await using RedisNonceStore store = RedisNonceStore.Create(replica.Configuration);

        Assert.That(async () => await store.TryConsumeAsync("scope", "nonce", Until), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_disposed_store_says_so()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisNonceStore store = RedisNonceStore.Create(server.Configuration);
        await store.CheckAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();

        Assert.That(async () => await store.TryConsumeAsync("scope", "nonce", Until), Throws.InstanceOf<ObjectDisposedException>());
    }

    // The same nonce again and again: whichever call was the first to reach the server used it up.
    private static async Task<NonceResult> WhenAnsweredAsync(RedisNonceStore store, string nonce)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await store.TryConsumeAsync("scope", nonce, Until);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(50);
            }
        }
    }
}
