namespace Sage.Interop.Tests.Judges;

/// <summary>The same numbers for the same seed, everywhere and for ever (xorshift64*).</summary>
internal sealed class Dice(int seed)
{
    private ulong state = ((ulong)seed + 1) * 0x9E3779B97F4A7C15;

    public bool Coin() => Next(2) == 1;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    /// <summary>Some of them, in an order of its own.</summary>
    public List<T> Some<T>(IEnumerable<T> choices)
    {
        List<T> rest = [.. choices];
        List<T> chosen = [];
        while (rest.Count > 0)
        {
            int index = Next(rest.Count);
            if (Coin())
            {
                chosen.Add(rest[index]);
            }

            rest.RemoveAt(index);
        }

        return chosen;
    }

    private int Next(int bound)
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return (int)((state * 0x2545F4914F6CDD1D) >> 33) % bound;
    }
}
