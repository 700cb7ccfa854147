using System.Diagnostics;

namespace Sage.Fuzz;

/// <summary>Runs a target on inputs and stops at the first finding.</summary>
internal static class FuzzRunner
{
    /// <summary>No input may make a parser allocate more: nothing is sized by what an input says of itself.</summary>
    public const long MaximumAllocation = 32L * 1024 * 1024;

    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(10);

    /// <summary>Runs one input; null when nothing was found.</summary>
    public static FuzzFinding? Run(FuzzTarget target, byte[] input)
    {
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Any exception that reaches here is what fuzzing looks for; it is reported, not hidden.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new FuzzFinding(target, input, e.ToString());
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return allocated > MaximumAllocation ? new FuzzFinding(target, input, $"allocated {allocated:N0} bytes")
            : elapsed > MaximumTime ? new FuzzFinding(target, input, $"took {elapsed}")
            : null;
    }

    /// <summary>Mutates the corpus until the budget is used up or something is found.</summary>
    public static FuzzFinding? Mutate(FuzzTarget target, IReadOnlyList<byte[]> corpus, Xorshift random, Func<long, bool> goOn, out long runs)
    {
        Mutator mutator = new(target, corpus, random);
        for (runs = 0; goOn(runs); runs++)
        {
            if (Run(target, mutator.Next()) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }
}
