using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace Sage.Session.Tests.Properties;

internal sealed class RecordProperties
{
    [Test]
    public void A_million_records_have_a_million_nonces()
    {
        const int Count = 1_000_000;
        using CipherPair pair = new(unlimited: true);
        HashSet<(ulong, uint)> nonces = new(Count);
        byte[] record = new byte[SessionCipher.Overhead];
        for (int i = 0; i < Count; i++)
        {
            pair.Initiator.Seal(default, default, record);
            nonces.Add((BinaryPrimitives.ReadUInt64BigEndian(record.AsSpan(8)), BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(16))));
        }

        Assert.That(nonces, Has.Count.EqualTo(Count));
        Assert.That(pair.Initiator.NextSequence, Is.EqualTo(Count));
    }

    [FsCheck.NUnit.Property]
    public bool Any_message_with_any_additional_data_comes_back(byte[] message, byte[] aad)
    {
        using CipherPair pair = new();
        byte[] record = new byte[message.Length + SessionCipher.Overhead];
        byte[] plaintext = new byte[message.Length];
        pair.Initiator.Seal(message, aad, record);
        return pair.Responder.TryOpen(record, aad, plaintext, out int written) == RecordResult.Opened
            && written == message.Length && plaintext.AsSpan().SequenceEqual(message);
    }

    [FsCheck.NUnit.Property]
    public bool Any_other_bytes_at_any_place_do_not_open(byte[] message, NonNegativeInt place, byte[] change)
    {
        using CipherPair pair = new();
        byte[] record = pair.Initiator.Seal(message);
        byte[] changed = [.. record];
        int start = place.Get % record.Length;
        bool differs = false;
        for (int i = 0; i < change.Length && start + i < changed.Length; i++)
        {
            changed[start + i] ^= change[i];
            differs |= change[i] != 0;
        }

        bool refused = !differs || pair.Responder.Open(changed) != RecordResult.Opened;
        return refused && pair.Responder.Open(record) == RecordResult.Opened;
    }

    [FsCheck.NUnit.Property]
    public bool Bytes_that_were_never_sealed_do_not_open(byte[] bytes)
    {
        using CipherPair pair = new();
        return pair.Responder.Open(bytes) is RecordResult.Malformed or RecordResult.NotAuthentic;
    }

    /// <summary>Numbers in any order are judged as a set judges them.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property The_window_agrees_with_a_set() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Kind, ushort Value)[]>(),
        steps =>
        {
            ReplayWindow window = default;
            HashSet<ulong> seen = [];
            ulong highest = 0;
            foreach ((byte kind, ushort value) in steps)
            {
                ulong sequence = (kind % 4) switch
                {
                    0 => highest + (value % 5u),
                    1 => highest - Math.Min(highest, value % 1100u),
                    2 => highest + 1020 + (value % 10u),
                    _ => value,
                };
                RecordResult expected = seen.Count > 0 && sequence < highest && highest - sequence >= 1024 ? RecordResult.Stale
                    : seen.Contains(sequence) ? RecordResult.Replayed
                    : RecordResult.Opened;
                if (window.Check(sequence) != expected)
                {
                    return false;
                }

                if (expected == RecordResult.Opened)
                {
                    window.Mark(sequence);
                    seen.Add(sequence);
                    highest = Math.Max(highest, sequence);
                }
            }

            return true;
        });

    /// <summary>Whatever the order around the boundaries of two keys, each record opens exactly once.</summary>
    [FsCheck.NUnit.Property(MaxTest = 30)]
    public bool Records_around_key_boundaries_open_once_in_any_order(int order)
    {
        using CipherPair pair = new(unlimited: true);
        List<byte[]> records = [];
        foreach (ulong sequence in (ulong[])[0, 254, 255, 256, 257, 510, 511, 512, 513, 767, 768])
        {
            pair.Initiator.NextSequence = sequence;
            records.Add(pair.Initiator.Seal(BitConverter.GetBytes(sequence)));
        }

        uint state = (uint)order;
        byte[][] shuffled = [.. records.OrderBy(_ => state = (state * 1664525) + 1013904223)];
        return shuffled.All(record => pair.Responder.Open(record) == RecordResult.Opened)
            && shuffled.All(record => pair.Responder.Open(record) == RecordResult.Replayed);
    }
}
