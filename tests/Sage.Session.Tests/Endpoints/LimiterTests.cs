using Microsoft.Extensions.Time.Testing;

namespace Sage.Session.Tests.Endpoints;

public sealed class LimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public void A_key_is_refused_over_its_limit_and_allowed_again_in_the_next_second()
    {
        WindowLimiter limiter = new(3, time);
        Assert.That(Enumerable.Range(0, 5).Select(_ => limiter.TryTake("a")), Is.EqualTo(new[] { true, true, true, false, false }));
        Assert.That(limiter.TryTake("b"), Is.True, "another key has its own limit");
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(limiter.TryTake("a"), Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(limiter.TryTake("a"), Is.True);
    }

    [Test]
    public void A_flood_of_names_is_refused_and_does_not_lock_out_a_known_one()
    {
        WindowLimiter limiter = new(10, time, capacity: 100);
        Assert.That(limiter.TryTake("known"), Is.True);
        Assert.That(Enumerable.Range(0, 1000).Count(i => limiter.TryTake($"name {i}")), Is.EqualTo(99));
        Assert.That(limiter.TryTake("known"), Is.True);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(limiter.TryTake("name 999"), Is.True);
    }

    [Test]
    public void Threads_together_get_exactly_the_limit()
    {
        WindowLimiter limiter = new(1000, time);
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
}
