using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>A server that forgets keys when memory is short must not remember nonces.</summary>
[TestFixture]
internal sealed class EvictionTests
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddMinutes(30);
    private static readonly RedisNonceStoreOptions Patient = new() { Timeout = TimeSpan.FromSeconds(30) };

    [TestCase("allkeys-lru")]
    [TestCase("allkeys-random")]
    [TestCase("volatile-ttl")]
    public async Task A_server_that_evicts_is_refused_until_it_is_mended(string policy)
    {
        await using RedisServer server = await RedisServer.StartAsync("--maxmemory-policy", policy);
        await using Admin admin = await Admin.ConnectAsync(server);
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, Patient, logger: logger);

        Assert.That(async () => await store.CheckAsync(), Throws.InstanceOf<InvalidOperationException>().With.Message.Contains(policy));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(async () => await store.TryConsumeAsync("scope", "nonce", Until), Throws.InstanceOf<InvalidOperationException>());
        }

        Assert.That(await admin.KeysAsync(), Is.Empty);
        Assert.That(logger.Entries.Count(entry => entry.Id == 8000), Is.EqualTo(1), "told once, not for every message");

        await admin.RunAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task Eviction_may_be_allowed_and_is_told()
    {
        await using RedisServer server = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(
            server.Configuration, new RedisNonceStoreOptions { AllowEviction = true, Timeout = Patient.Timeout }, logger: logger);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(logger.Entries, Has.Some.Matches<(int Id, LogLevel Level, string)>(entry => entry.Id == 8001 && entry.Level == LogLevel.Warning));
    }

    [Test]
    public async Task A_policy_that_changes_is_noticed_within_a_minute()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        FakeTimeProvider time = new(Until.AddMinutes(-30));
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, Patient, time);
        Assert.That(await store.TryConsumeAsync("scope", "first", Until), Is.EqualTo(NonceResult.Accepted));
        await admin.RunAsync("CONFIG", "SET", "maxmemory-policy", "volatile-lru");

        time.Advance(TimeSpan.FromSeconds(61));

        Assert.That(async () => await store.TryConsumeAsync("scope", "second", Until), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public async Task A_server_that_may_not_tell_is_used_with_a_loud_line_in_the_log()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await admin.RunAsync("ACL", "SETUSER", "node", "on", ">word", "~sage:nonce:*", "+@all", "-info", "-config");
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration + ",user=node,password=word", Patient, logger: logger);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(logger.Entries, Has.Some.Matches<(int Id, LogLevel Level, string)>(entry => entry.Id == 8002 && entry.Level == LogLevel.Error));
    }

    [Test]
    public async Task The_rights_that_the_page_names_are_enough()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        string page = await File.ReadAllTextAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "redis.md"));
        string rights = page.Split("**Rights.** `")[1].Split('`')[0];
        await admin.RunAsync("ACL", ["SETUSER", "node", "on", ">word", "~sage:nonce:*", .. rights.Split(' ')]);
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration + ",user=node,password=word", Patient, logger: logger);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(logger.Entries.Select(entry => entry.Id), Does.Contain(8003));
    }
}
