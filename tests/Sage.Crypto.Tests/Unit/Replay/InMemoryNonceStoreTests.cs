using Microsoft.Extensions.Time.Testing;
using Sage.Tests.Contracts;

namespace Sage.Crypto.Tests.Unit.Replay;

[TestFixture]
public sealed class InMemoryNonceStoreTests : NonceStoreContract
{
    private FakeTimeProvider time = null!;

    protected override DateTimeOffset Now => time.GetUtcNow();

    [SetUp]
    public void SetUp() => time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task Nonces_of_any_lifetime_are_remembered_as_long_as_asked()
    {
        InMemoryNonceStore store = new(time, 1000);
        int[] lives = [1, 2, 59, 600, 1022, 1023, 1024, 1025, 2047, 2048, 5000];
        DateTimeOffset start = Now;
        foreach (int life in lives)
        {
            await store.TryConsumeAsync("scope", $"{life}", start.AddSeconds(life));
        }

        for (int second = 0; second < 5000; second += 7)
        {
            time.SetUtcNow(start.AddSeconds(second));
            foreach (int life in lives.Where(life => life > second))
            {
                NonceResult result = await store.TryConsumeAsync("scope", $"{life}", start.AddSeconds(life));
                Assert.That(result, Is.EqualTo(NonceResult.Replayed), $"{life} at {second}");
            }
        }

        time.SetUtcNow(start.AddSeconds(10_000));
        await store.TryConsumeAsync("other", "nonce", Now);
        foreach (int life in lives)
        {
            Assert.That(await store.TryConsumeAsync("scope", $"{life}", Now.AddSeconds(1)), Is.EqualTo(NonceResult.Accepted));
        }
    }

    [Test]
    public async Task Ordinary_traffic_removes_what_has_expired()
    {
        InMemoryNonceStore store = new(time, 1_000_000);
        for (int second = 0; second < 2000; second++)
        {
            for (int i = 0; i < 100; i++)
            {
                await store.TryConsumeAsync("scope", $"{second}-{i}", Now.AddSeconds(10));
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        // 100 a second that live for 10 seconds (12 with the grace): far fewer than the 200,000 that went through.
        Assert.That(store.Count, Is.LessThan(3000));
    }

    [Test]
    public async Task A_nonce_that_expired_within_the_second_is_accepted_anew_and_once()
    {
        InMemoryNonceStore store = new(time, 1000);
        DateTimeOffset start = Now;
        await store.TryConsumeAsync("scope", "nonce", start.AddSeconds(1.5));

        time.SetUtcNow(start.AddSeconds(3.4));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", start.AddSeconds(20.5)), Is.EqualTo(NonceResult.Replayed));
        time.SetUtcNow(start.AddSeconds(3.5));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", start.AddSeconds(20.5)), Is.EqualTo(NonceResult.Accepted));
        time.SetUtcNow(start.AddSeconds(22.4));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", start.AddSeconds(40)), Is.EqualTo(NonceResult.Replayed));
        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Scopes_without_nonces_take_no_room()
    {
        InMemoryNonceStore store = new(time, 1_000_000);
        for (int second = 0; second < 200; second++)
        {
            for (int i = 0; i < 50; i++)
            {
                await store.TryConsumeAsync($"scope {second}-{i}", "nonce", Now.AddSeconds(10));
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(store.ScopeCount, Is.EqualTo(store.Count).And.LessThan(3000));
    }

    [Test]
    public async Task A_clock_that_goes_back_forgets_nothing()
    {
        MovableTime clock = new() { Now = Now };
        InMemoryNonceStore store = new(clock, 1000);
        DateTimeOffset until = clock.Now.AddMinutes(5);
        await store.TryConsumeAsync("scope", "nonce", until);

        clock.Now = clock.Now.AddMinutes(-30);
        Assert.That(await store.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(await store.TryConsumeAsync("scope", "early", clock.Now.AddMinutes(1)), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "early", clock.Now.AddMinutes(1)), Is.EqualTo(NonceResult.Replayed));

        clock.Now = clock.Now.AddDays(1);
        Assert.That(await store.TryConsumeAsync("scope", "nonce", clock.Now.AddMinutes(1)), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task Extreme_times_are_taken()
    {
        InMemoryNonceStore store = new(time, 1000);

        foreach (DateTimeOffset until in new[] { DateTimeOffset.MaxValue, DateTimeOffset.MinValue })
        {
            Assert.That(await store.TryConsumeAsync("scope", $"{until.Year}", until), Is.EqualTo(NonceResult.Accepted));
            Assert.That(await store.TryConsumeAsync("scope", $"{until.Year}", until), Is.EqualTo(NonceResult.Replayed));
        }
    }

    [Test]
    [NonParallelizable]
    public async Task A_full_store_takes_no_more_memory_for_long_scopes_and_nonces()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        InMemoryNonceStore store = new(time, 100_000);
        string padding = new('x', 1000);
        for (int i = 0; i < 100_000; i++)
        {
            await store.TryConsumeAsync($"{i}{padding}", $"{i}{padding}", Now.AddMinutes(5));
        }

        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(store.Count, Is.EqualTo(100_000));
        Assert.That(used, Is.LessThan(16_000_000), "160 bytes a nonce");
    }

    [Test]
    public void A_capacity_without_a_tenth_is_misuse() =>
        Assert.That(() => new InMemoryNonceStore(time, 9), Throws.InstanceOf<ArgumentOutOfRangeException>());

    protected override INonceStore Create(int capacity) => new InMemoryNonceStore(time, capacity);

    protected override void Advance(TimeSpan by) => time.Advance(by);

    private sealed class MovableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
