namespace Sage.Did.Ethereum.Tests.Properties;

internal sealed class MirrorCodecProperties
{
    private static readonly KeyImport Import = new(RegistryLogs.Somewhere);

    [FsCheck.NUnit.Property(MaxTest = 200, EndSize = 100)]
    public void Every_state_is_read_as_it_was_written((byte Choice, byte Agent, byte Argument)[] steps)
    {
        foreach ((UInt256 id, AgentProjection agent) in Agents(steps))
        {
            byte[] bytes = MirrorCodec.Write(agent);
            AgentProjection read = MirrorCodec.TryRead(bytes, id, Import)!;
            Assert.That(bytes, Has.Length.LessThanOrEqualTo(RegistryMirrorEntry.MaxValueSize));
            Assert.That(read with { Keys = agent.Keys }, Is.EqualTo(agent));
            Assert.That(read.Keys.Select(key => key.Key), Is.EqualTo(agent.Keys.Select(key => key.Key)));
            Assert.That(MirrorCodec.Write(read), Is.EqualTo(bytes));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 300, EndSize = 60)]
    public void Damaged_bytes_are_refused_or_are_another_state_in_its_one_form((byte Choice, byte Agent, byte Argument)[] steps, ushort at, byte flip)
    {
        foreach ((UInt256 id, AgentProjection agent) in Agents(steps))
        {
            byte[] bytes = MirrorCodec.Write(agent);
            Assert.That(MirrorCodec.TryRead(bytes.AsSpan(0, at % bytes.Length), id, Import), Is.Null);
            Assert.That(MirrorCodec.TryRead([.. bytes, flip], id, Import), Is.Null);
            bytes[at % bytes.Length] ^= flip;
            if (MirrorCodec.TryRead(bytes, id, Import) is { } other)
            {
                Assert.That(MirrorCodec.Write(other), Is.EqualTo(bytes));
            }
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void A_checkpoint_is_read_as_it_was_written_and_no_shorter_or_longer(byte first, byte[] steps, ushort count, ushort at)
    {
        LogCursor cursor = new(first);
        ulong number = first;
        foreach (byte step in steps)
        {
            cursor = cursor.After(new LogCheckpoint(number += step, LogEmitter.Word(number)));
            number++;
        }

        MirrorCheckpoint checkpoint = new(5, RegistryModel.Account(1), RegistryModel.Account(2), 7, cursor, count, LogEmitter.Word(count));
        byte[] bytes = checkpoint.Write();
        MirrorCheckpoint read = MirrorCheckpoint.TryRead(bytes)!;
        Assert.That(bytes, Has.Length.LessThanOrEqualTo(IRegistryMirrorStore.MaxCheckpointSize));
        Assert.That(read with { Cursor = cursor }, Is.EqualTo(checkpoint));
        Assert.That((read.Cursor.FirstBlock, read.Cursor.NextBlock), Is.EqualTo((cursor.FirstBlock, cursor.NextBlock)));
        Assert.That(read.Cursor.Checkpoints, Is.EqualTo(cursor.Checkpoints));
        Assert.That(MirrorCheckpoint.TryRead(bytes.AsSpan(0, at % bytes.Length)), Is.Null);
        Assert.That(MirrorCheckpoint.TryRead([.. bytes, 0]), Is.Null);
        bytes[at % 8] ^= 1;
        Assert.That(MirrorCheckpoint.TryRead(bytes), Is.Null, "Another version.");
    }

    private static Dictionary<UInt256, AgentProjection> Agents((byte Choice, byte Agent, byte Argument)[] steps)
    {
        RegistryModel model = new();
        foreach ((byte choice, byte agent, byte argument) in steps)
        {
            model.Step(choice, agent, argument);
        }

        return new LogReplay(RegistryLogs.Somewhere).Apply(model.Written).Agents;
    }
}
