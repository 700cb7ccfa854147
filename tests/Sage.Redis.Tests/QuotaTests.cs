using Sage.Redis.Internal;
using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>How nonces are counted: in few intervals, of which none outlives its nonces by much.</summary>
[TestFixture]
internal sealed class QuotaTests
{
    [FsCheck.NUnit.Property]
    public bool An_interval_is_a_small_part_of_the_life(long any)
    {
        long life = any & 0x7_ffff_ffff_ffff;
        long interval = NonceScript.Interval(life);
        return System.Numerics.BitOperations.IsPow2(interval) && interval * 32 >= life && (interval == 256 || (interval * 16) < life + 32);
    }

    [Test]
    public async Task Counts_of_past_intervals_are_taken_off()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using Admin admin = await Admin.ConnectAsync(server);
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { Timeout = TimeSpan.FromSeconds(30) });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.TryConsumeAsync("scope", "first", now.AddMinutes(5));
        string[] hashes = [.. (await admin.KeysAsync()).Where(key => key.Contains("scope:", StringComparison.Ordinal) || key.EndsWith("total", StringComparison.Ordinal))];
        foreach (string key in hashes)
        {
            // Intervals that ended in 1970, one nonce each.
            for (int i = 1; i <= 200; i++)
            {
                await admin.Database.HashIncrementAsync(key, i);
                await admin.Database.HashIncrementAsync(key, "n");
            }
        }

        // Lives longer, so that it is counted in an interval of its own.
        await store.TryConsumeAsync("scope", "second", now.AddMinutes(50));

        Assert.That(hashes, Has.Length.EqualTo(2));
        foreach (string key in hashes)
        {
            Assert.That((int)await admin.Database.HashGetAsync(key, "n"), Is.EqualTo(2), key);
            Assert.That(await admin.Database.HashLengthAsync(key), Is.LessThanOrEqualTo(3), key);
        }
    }
}
