using System.Runtime.CompilerServices;

namespace Sage.Session;

/// <summary>
/// Remembers which of the last 1024 sequence numbers were opened (SAGE profile P1 §5.3). Checking changes nothing;
/// marking is for records that proved authentic. Not thread-safe: its owner serialises check, open and mark.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 1024;

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
