using Microsoft.Extensions.Time.Testing;

namespace Sage.Session.Tests.Endpoints;

public sealed class LimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public void A_key_gets_its_limit_at_once_and_then_as_much_a_second()
    {
        RateLimiter limiter = new(4, time);
        Assert.That(Taken(limiter, "a", 9), Is.EqualTo(4));
        Assert.That(Taken(limiter, "b", 9), Is.EqualTo(4), "another key has its own limit");
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.That(Taken(limiter, "a", 9), Is.Zero);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(Taken(limiter, "a", 9), Is.EqualTo(1), "refilled bit by bit, so a flood that ends locks nobody out");
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(Taken(limiter, "a", 9), Is.EqualTo(2));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Taken(limiter, "a", 9), Is.EqualTo(4));
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.That(Taken(limiter, "a", 9), Is.EqualTo(4), "what is not used is not saved up");
    }

    [Test]
    public void Over_a_long_time_the_rate_holds()
    {
        RateLimiter limiter = new(100, time);
        int taken = 0;
        for (int i = 0; i < 10_000; i++)
        {
            taken += limiter.TryTake("a") ? 1 : 0;
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(taken, Is.InRange(1000, 1100));
    }

    [Test]
    public void A_flood_of_names_is_refused_and_does_not_lock_out_a_known_one()
    {
        RateLimiter limiter = new(10, time, capacity: 100);
        Assert.That(limiter.TryTake("known"), Is.True);
        Assert.That(Enumerable.Range(0, 1000).Count(i => limiter.TryTake($"name {i}")), Is.EqualTo(99));
        Assert.That(limiter.TryTake("known"), Is.True);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(limiter.TryTake("name 999"), Is.True);
    }

    [Test]
    public void Threads_together_get_exactly_the_limit()
    {
        RateLimiter limiter = new(1000, time);
        int taken = 0;
        Parallel.For(0, 4000, _ =>
        {
            if (limiter.TryTake("a"))
            {
                Interlocked.Increment(ref taken);
            }
        });
        Assert.That(taken, Is.EqualTo(1000));
    }

    [Test]
    public void Load_is_the_greater_of_this_and_the_last_second()
    {
        LoadMeter meter = new(time);
        Assert.That(Enumerable.Range(0, 5).Select(_ => meter.Count()), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(meter.Count(), Is.EqualTo(5));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(meter.Count(), Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(meter.Count(), Is.EqualTo(1));
    }

    private static int Taken(RateLimiter limiter, string key, int tries) => Enumerable.Range(0, tries).Count(_ => limiter.TryTake(key));
}
