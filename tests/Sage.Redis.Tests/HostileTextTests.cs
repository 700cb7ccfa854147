using Sage.Crypto;
using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>Nothing from outside reaches the server but hashes.</summary>
[TestFixture]
internal sealed class HostileTextTests
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddMinutes(5);

    [Test]
    public async Task Keys_have_one_length_and_no_byte_from_outside()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromSeconds(30) });
        string[] texts =
        [
            "\0", " ", "a b", "\r\nFLUSHALL\r\n", "{other}", "*", "sage:nonce:{1}:total", "\ud800", "\udfff", "\uffff", "é", "e\u0301", "'; return 0 --", "%n%s", new string('x', 1024),
            new string('\ud800', 1024), new string('\0', 1024),
        ];
        foreach (string scope in texts)
        {
            foreach (string nonce in texts)
            {
                Assert.That(await store.TryConsumeAsync(scope, nonce, Until), Is.EqualTo(NonceResult.Accepted));
            }
        }

        string[] keys = await admin.KeysAsync();
        Assert.That(keys, Has.Length.EqualTo((texts.Length * texts.Length) + texts.Length + 1));
        Assert.That(keys, Has.All.Matches(@"^sage:nonce:\{1\}:(total|(scope:)?[A-Za-z0-9_-]{43})$"));
        foreach (string scope in texts)
        {
            Assert.That(await store.TryConsumeAsync(scope, texts[0], Until), Is.EqualTo(NonceResult.Replayed));
        }
    }

    [Test]
    public async Task Overlong_texts_are_refused_before_anything_is_sent()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration);
        string mebibyte = new('x', 1 << 20);

        Assert.That(async () => await store.TryConsumeAsync(mebibyte, "nonce", Until), Throws.ArgumentException);
        Assert.That(async () => await store.TryConsumeAsync("scope", mebibyte, Until), Throws.ArgumentException);
        Assert.That(await admin.KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task Every_key_expires_whatever_time_is_asked_for()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromSeconds(30) });
        DateTimeOffset[] times = [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, Until, Until.AddYears(100), DateTimeOffset.MaxValue];
        foreach (DateTimeOffset until in times)
        {
            Assert.That(await store.TryConsumeAsync("scope", $"{until.UtcTicks}", until), Is.EqualTo(NonceResult.Accepted));
            Assert.That(await store.TryConsumeAsync("scope", $"{until.UtcTicks}", until), Is.EqualTo(NonceResult.Replayed));
        }

        foreach (string key in await admin.KeysAsync())
        {
            Assert.That(await admin.Database.KeyTimeToLiveAsync(key), Is.Not.Null.And.GreaterThan(TimeSpan.Zero), key);
        }
    }
}
