namespace Sage.Session.Tests.Unit.Protocol;

internal sealed class ReplayWindowTests
{
    [Test]
    public void A_number_is_new_once()
    {
        ReplayWindow window = default;
        foreach (ulong sequence in (ulong[])[0, 1, 5, 3, 1023, 4000, 3999])
        {
            Assert.That(window.Check(sequence), Is.EqualTo(RecordResult.Opened));
            window.Mark(sequence);
            Assert.That(window.Check(sequence), Is.EqualTo(RecordResult.Replayed));
        }
    }

    [TestCase(0UL)]
    [TestCase(1UL)]
    [TestCase(1022UL)]
    public void The_window_reaches_1023_numbers_back_and_no_further(ulong offset)
    {
        ReplayWindow window = default;
        window.Mark(5000 + offset);
        Assert.That(window.Check(5000 + offset - 1023), Is.EqualTo(RecordResult.Opened));
        Assert.That(window.Check(5000 + offset - 1024), Is.EqualTo(RecordResult.Stale));
        Assert.That(window.Check(0), Is.EqualTo(RecordResult.Stale));
    }

    [TestCase(1UL)]
    [TestCase(63UL)]
    [TestCase(64UL)]
    [TestCase(65UL)]
    [TestCase(1023UL)]
    [TestCase(1024UL)]
    [TestCase(1025UL)]
    [TestCase(1UL << 40)]
    public void Moving_on_forgets_only_what_leaves(ulong step)
    {
        ReplayWindow window = default;
        for (ulong sequence = 0; sequence < 1024; sequence++)
        {
            window.Mark(sequence);
        }

        ulong highest = 1023 + step;
        window.Mark(highest);
        for (ulong back = 0; back < 1100 && back <= highest; back++)
        {
            ulong sequence = highest - back;
            RecordResult expected = back >= 1024 ? RecordResult.Stale
                : sequence <= 1023 || back == 0 ? RecordResult.Replayed
                : RecordResult.Opened;
            Assert.That(window.Check(sequence), Is.EqualTo(expected), $"{sequence} after {highest}");
        }
    }

    [Test]
    public void The_last_numbers_are_numbers_like_others()
    {
        ReplayWindow window = default;
        window.Mark(ulong.MaxValue - 1);
        Assert.That(window.Check(ulong.MaxValue - 1), Is.EqualTo(RecordResult.Replayed));
        Assert.That(window.Check(ulong.MaxValue - 1024), Is.EqualTo(RecordResult.Opened));
        Assert.That(window.Check(ulong.MaxValue - 1025), Is.EqualTo(RecordResult.Stale));
    }

    [Test]
    public void Checking_changes_nothing()
    {
        ReplayWindow window = default;
        Assert.That(window.Check(70_000), Is.EqualTo(RecordResult.Opened));
        window.Mark(3);
        Assert.That(window.Check(ulong.MaxValue - 1), Is.EqualTo(RecordResult.Opened));
        Assert.That(window.Check(0), Is.EqualTo(RecordResult.Opened));
    }
}
