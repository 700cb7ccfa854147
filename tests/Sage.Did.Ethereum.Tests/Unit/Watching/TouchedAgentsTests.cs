namespace Sage.Did.Ethereum.Tests.Unit.Watching;

internal sealed class TouchedAgentsTests
{
    [FsCheck.NUnit.Property]
    public void It_gives_all_agents_of_the_blocks_that_went_or_says_that_it_cannot(byte[] steps, byte back, byte size)
    {
        const int Capacity = 8;
        TouchedAgents touched = new(Capacity);
        List<(ulong Block, UInt256 Agent)> all = [];
        ulong block = 1;
        foreach (byte step in steps)
        {
            block += (ulong)(step % 3);
            all.Add((block, step));
            touched.Add(block, step);
        }

        ulong first = block + 1 - Math.Min(block, back);
        UInt256[] expected = [.. all.Where(entry => entry.Block >= first).Select(entry => entry.Agent).Distinct()];
        if (touched.TryTake(first, out IReadOnlyCollection<UInt256>? agents))
        {
            Assert.That(agents, Is.EquivalentTo(expected));
        }
        else
        {
            Assert.That(all.Count(entry => entry.Block >= first), Is.GreaterThan(Capacity / 2), "It forgets no sooner than it must.");
        }

        // A second branch over the blocks that went.
        touched.Add(first, size);
        Assert.That(touched.TryTake(first + 1, out IReadOnlyCollection<UInt256>? none) && none.Count == 0, Is.True);
    }

    [Test]
    public void Nothing_is_forgotten_below_the_bound()
    {
        TouchedAgents touched = new(100);
        for (ulong i = 0; i < 100; i++)
        {
            touched.Add(i / 10, i);
        }

        Assert.That(touched.TryTake(5, out IReadOnlyCollection<UInt256>? last), Is.True);
        Assert.That(last, Has.Count.EqualTo(50));
        Assert.That(touched.TryTake(0, out IReadOnlyCollection<UInt256>? first), Is.True);
        Assert.That(first, Has.Count.EqualTo(50));
    }

    [Test]
    public void One_block_with_more_agents_than_the_bound_is_not_given_in_part()
    {
        TouchedAgents touched = new(10);
        for (ulong i = 0; i < 25; i++)
        {
            touched.Add(7, i);
        }

        Assert.That(touched.TryTake(7, out _), Is.False);
        Assert.That(touched.TryTake(8, out _), Is.True);
    }
}
