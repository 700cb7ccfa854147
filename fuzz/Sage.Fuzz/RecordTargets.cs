using System.Buffers.Binary;
using Sage.Session;

namespace Sage.Fuzz;

/// <summary>Session records and the window against replays.</summary>
internal static class RecordTargets
{
    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private static readonly byte[] Plaintext = "what is the offer?"u8.ToArray();

    public static FuzzTarget[] All { get; } =
    [
        new("record", "of all records one edit away, only the one that was sealed opens, and it opens once", Record, "\0\0", "\0\u0007", "\0\u0008", "\0\u0014", "\u0003\0\0\0\0"),
        new("replay-window", "the window agrees with a set", Window, "\0\0\0", "\u0001", "\u0002", "\u0003\u0003\u0003"),
    ];

    /// <summary>The input edits a sealed record: how (1 byte), where (2 bytes), with what (the rest).</summary>
    private static void Record(ReadOnlySpan<byte> input)
    {
        using SessionCipher sender = SessionCipher.Create(Seed, isInitiator: true, TimeProvider.System);
        using SessionCipher receiver = SessionCipher.Create(Seed, isInitiator: false, TimeProvider.System);
        byte[] genuine = new byte[Plaintext.Length + SessionCipher.Overhead];
        sender.Seal(Plaintext, default, genuine);
        byte[] record = Edit(genuine, input);
        byte[] opened = new byte[record.Length];

        RecordResult result = receiver.TryOpen(record, default, opened, out int written);
        if (record.AsSpan().SequenceEqual(genuine))
        {
            Oracle.Holds(result == RecordResult.Opened, "a genuine record does not open");
            Oracle.Same(opened.AsSpan(0, written), Plaintext, "a record opened to something else");
        }
        else
        {
            Oracle.Holds(result != RecordResult.Opened && written == 0 && !opened.AsSpan().ContainsAnyExcept((byte)0), "a changed record opened or left something behind");
            Oracle.Holds(receiver.TryOpen(genuine, default, new byte[Plaintext.Length], out _) == RecordResult.Opened, "a changed record changed the receiver");
        }

        Oracle.Holds(receiver.TryOpen(genuine, default, new byte[Plaintext.Length], out _) == RecordResult.Replayed, "a record opened twice");
    }

    private static byte[] Edit(byte[] genuine, ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return input.ToArray();
        }

        int at = BinaryPrimitives.ReadUInt16BigEndian(input[1..]) % (genuine.Length + 1);
        ReadOnlySpan<byte> bytes = input[3..];
        switch (input[0] % 4)
        {
            case 0:
                byte[] changed = [.. genuine];
                for (int i = 0; i < bytes.Length && at + i < changed.Length; i++)
                {
                    changed[at + i] ^= bytes[i];
                }

                return changed;
            case 1:
                return [.. genuine[..at], .. bytes, .. genuine[at..]];
            case 2:
                return [.. genuine[..at], .. genuine[Math.Min(genuine.Length, at + bytes.Length)..]];
            default:
                return bytes.ToArray();
        }
    }

    /// <summary>Each byte is the next number: near the highest, in the window, at its edge, or far ahead.</summary>
    private static void Window(ReadOnlySpan<byte> input)
    {
        ReplayWindow window = default;
        HashSet<ulong> seen = [];
        ulong highest = 0;
        foreach (byte step in input)
        {
            ulong sequence = (step % 4) switch
            {
                0 => highest + (ulong)(step / 4),
                1 => highest - Math.Min(highest, (ulong)(step / 4 * 17)),
                2 => highest - Math.Min(highest, ReplayWindow.Size - 2 + (ulong)(step / 4 % 4)),
                _ => highest + ReplayWindow.Size - 2 + (ulong)(step / 4 % 4),
            };
            RecordResult expected = seen.Count > 0 && sequence <= highest && highest - sequence >= ReplayWindow.Size ? RecordResult.Stale
                : seen.Contains(sequence) ? RecordResult.Replayed
                : RecordResult.Opened;
            Oracle.Holds(window.Check(sequence) == expected, $"the window says {window.Check(sequence)} to {sequence} after {highest} and a set says {expected}");
            if (expected == RecordResult.Opened)
            {
                window.Mark(sequence);
                seen.Add(sequence);
                highest = Math.Max(highest, sequence);
            }
        }
    }
}
