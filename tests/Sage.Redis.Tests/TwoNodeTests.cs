using Sage.Crypto;
using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>Two stores with connections of their own, as two nodes have them.</summary>
[TestFixture]
internal sealed class TwoNodeTests
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddMinutes(30);

    // Nothing of this is to time out on a busy machine.
    private static readonly RedisNonceStoreOptions Patient = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Test]
    public async Task Each_nonce_is_accepted_exactly_once_by_all_threads_of_both_nodes()
    {
        const int Nonces = 5_000;
        const int TasksPerNode = 8;
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisNonceStore first = RedisNonceStore.Create(server.Configuration, Patient);
        await using RedisNonceStore second = RedisNonceStore.Create(server.Configuration, Patient);
        int[] accepted = new int[Nonces];
        int[] refused = new int[Nonces];
        await Task.WhenAll(new[] { first, second }.SelectMany(store => Enumerable.Range(0, TasksPerNode).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Nonces; i++)
            {
                NonceResult result = await store.TryConsumeAsync($"scope {i % 7}", $"nonce {i}", Until);
                Interlocked.Increment(ref result == NonceResult.Accepted ? ref accepted[i] : ref refused[i]);
            }
        }))));

        Assert.That(accepted, Is.All.EqualTo(1));
        Assert.That(refused, Is.All.EqualTo((2 * TasksPerNode) - 1));
    }

    [Test]
    public async Task Both_nodes_count_on_the_same_share_of_a_scope()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisNonceStoreOptions options = new() { Capacity = 100, Timeout = Patient.Timeout };
        await using RedisNonceStore first = RedisNonceStore.Create(server.Configuration, options);
        await using RedisNonceStore second = RedisNonceStore.Create(server.Configuration, options);
        for (int i = 0; i < 10; i++)
        {
            Assert.That(await (i % 2 == 0 ? first : second).TryConsumeAsync("greedy", $"{i}", Until), Is.EqualTo(NonceResult.Accepted));
        }

        Assert.That(await first.TryConsumeAsync("greedy", "more", Until), Is.EqualTo(NonceResult.Full));
        Assert.That(await second.TryConsumeAsync("greedy", "more", Until), Is.EqualTo(NonceResult.Full));
        Assert.That(await second.TryConsumeAsync("modest", "more", Until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task Stores_with_another_prefix_share_nothing()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisNonceStore first = RedisNonceStore.Create(server.Configuration, Patient);
        await using RedisNonceStore second = RedisNonceStore.Create(server.Configuration, new RedisNonceStoreOptions { KeyPrefix = "other:", Timeout = Patient.Timeout });

        Assert.That(await first.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await second.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
    }
}
