using System.Diagnostics;
using System.Globalization;

namespace Sage.Benchmarks;

/// <summary>
/// Measures in about a minute: the candidates of a group take turns, so that whatever else the machine does hits all of
/// them, and the minimum counts. Times inform, ratios compare.
/// </summary>
internal static class Quick
{
    private const int Rounds = 40;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(4);

    public static void Run(Func<Group> create)
    {
        using Group group = create();
        int[] repeats = [.. group.Candidates.Select(WarmUp)];
        double[][] samples = [.. group.Candidates.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < group.Candidates.Length; i++)
            {
                samples[i][round] = Measure(group.Candidates[i].Run, repeats[i]);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"### {group.Name}");
        Console.WriteLine();
        Console.WriteLine("| | minimum | median | bytes | ratio | over the floor |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        double floor = samples.Take(Math.Max(1, group.FloorCount)).Min(rounds => rounds.Min());
        for (int i = 0; i < group.Candidates.Length; i++)
        {
            double minimum = samples[i].Min();
            double median = samples[i].Order().ElementAt(Rounds / 2);
            long bytes = Allocated(group.Candidates[i].Run);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {group.Candidates[i].Name} | {Time(minimum)} | {Time(median)} | {bytes:N0} | {(group.FloorCount == 0 ? "" : Ratio(minimum / floor))} | {(group.FloorCount == 0 || i < group.FloorCount ? "" : Time(minimum - floor))} |"));
        }
    }

    // Runs long enough for the compiler to have finished with it, and finds how often fits into a turn.
    private static int WarmUp(Candidate candidate)
    {
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 600 || runs < 5000)
        {
            candidate.Run();
            runs++;
        }

        double each = Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs;
        return Math.Max(1, (int)(Turn.TotalMilliseconds / each));
    }

    private static double Measure(Action run, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            run();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }

    private static long Allocated(Action run)
    {
        const int Runs = 64;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Runs; i++)
        {
            run();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
    }

    private static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1000 and > -1000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0.0} ns"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1000:0.00} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000:0.00} ms"),
    };
}
