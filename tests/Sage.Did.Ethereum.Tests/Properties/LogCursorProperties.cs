namespace Sage.Did.Ethereum.Tests.Properties;

internal sealed class LogCursorProperties
{
    [FsCheck.NUnit.Property]
    public void A_cursor_remembers_few_blocks_dense_near_the_end_and_always_the_last(byte first, ushort[] steps)
    {
        LogCursor cursor = new(first);
        ulong number = first;
        List<ulong> passed = [];
        foreach (ushort step in steps)
        {
            number += step;
            cursor = cursor.After(new LogCheckpoint(number, LogEmitter.Word(number)));
            passed.Add(number);
            number++;
            Assert.That(cursor.NextBlock, Is.EqualTo(number));
        }

        Assert.That(cursor.Checkpoints, Has.Count.EqualTo(Math.Min(passed.Count, LogCursor.MaxCheckpoints)));
        Assert.That(cursor.Checkpoints.TakeLast(10).Select(checkpoint => checkpoint.Number), Is.EqualTo(passed.TakeLast(10)));
        Assert.That(cursor.Checkpoints.Select(checkpoint => checkpoint.Number), Is.SubsetOf(passed));
    }

    [Test]
    public void After_very_many_blocks_the_way_back_to_any_depth_at_most_about_doubles()
    {
        LogCursor cursor = new(0);
        for (ulong i = 0; i < 100_000; i++)
        {
            cursor = cursor.After(new LogCheckpoint(i, LogEmitter.Word(i)));
        }

        for (ulong depth = 1; depth < 99_000; depth = depth * 3 / 2 + 1)
        {
            ulong lost = 100_000 - depth;
            ulong kept = cursor.Checkpoints.Last(checkpoint => checkpoint.Number < lost).Number;
            Assert.That(100_000 - kept, Is.LessThanOrEqualTo((depth * 4) + 16), $"depth {depth}");
        }
    }
}
