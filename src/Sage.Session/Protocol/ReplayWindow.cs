using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sage.Session;

/// <summary>
/// Remembers which of the last 1024 sequence numbers were opened (SAGE profile P1 §5.3). Checking changes nothing;
/// marking is for records that proved authentic. Not thread-safe: its owner serialises check, open and mark.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 1024;

    /// <summary>Length of what <see cref="Write"/> writes: the highest number and the bits.</summary>
    public const int StateSize = sizeof(ulong) + (Size / 8);

    private Bits bits;
    private ulong highest;
    private bool any;

    /// <summary><see cref="RecordResult.Opened"/> if the number may be opened, else why not.</summary>
    public readonly RecordResult Check(ulong sequence)
    {
        if (!any || sequence > highest)
        {
            return RecordResult.Opened;
        }

        if (highest - sequence >= Size)
        {
            return RecordResult.Stale;
        }

        return (bits[Word(sequence)] & Bit(sequence)) == 0 ? RecordResult.Opened : RecordResult.Replayed;
    }

    /// <summary>Marks a number that <see cref="Check"/> let through.</summary>
    public void Mark(ulong sequence)
    {
        if (!any)
        {
            any = true;
            highest = sequence;
        }
        else if (sequence > highest)
        {
            Advance(sequence);
        }

        bits[Word(sequence)] |= Bit(sequence);
    }

    /// <summary>Writes the window, so that another process can go on with it.</summary>
    public readonly void Write(Span<byte> state)
    {
        BinaryPrimitives.WriteUInt64BigEndian(state, highest);
        for (int word = 0; word < Size / 64; word++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(state[((1 + word) * sizeof(ulong))..], bits[word]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false for what no window can be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> state, out ReplayWindow window)
    {
        window = default;
        window.highest = BinaryPrimitives.ReadUInt64BigEndian(state);
        for (int word = 0; word < Size / 64; word++)
        {
            window.bits[word] = BinaryPrimitives.ReadUInt64BigEndian(state[((1 + word) * sizeof(ulong))..]);
            window.any |= window.bits[word] != 0;
        }

        if (!window.any)
        {
            return window.highest == 0;
        }

        bool marked = (window.bits[Word(window.highest)] & Bit(window.highest)) != 0 && window.highest != ulong.MaxValue;
        for (ulong beyond = window.highest + 1; marked && beyond < Size; beyond++)
        {
            // Before the window is full once, what lies beyond the highest number was never marked.
            marked = (window.bits[Word(beyond)] & Bit(beyond)) == 0;
        }

        return marked;
    }

    // The numbers that enter the window take over the places of those that leave it.
    private void Advance(ulong sequence)
    {
        if (sequence - highest >= Size)
        {
            bits = default;
        }
        else
        {
            for (ulong entering = highest + 1; entering < sequence; entering++)
            {
                bits[Word(entering)] &= ~Bit(entering);
            }

            bits[Word(sequence)] &= ~Bit(sequence);
        }

        highest = sequence;
    }

    private static int Word(ulong sequence) => (int)(sequence % Size) / 64;

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % 64);

    [InlineArray(Size / 64)]
    private struct Bits
    {
        private ulong first;
    }
}
