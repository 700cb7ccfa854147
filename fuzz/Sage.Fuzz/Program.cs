using System.Diagnostics;
using System.Globalization;

namespace Sage.Fuzz;

internal static class Program
{
    private const string Usage = """
        usage: Sage.Fuzz list
               Sage.Fuzz TARGET [--seconds N] [--seed N] [--corpus DIR]     mutate the corpus (default 10 seconds)
               Sage.Fuzz TARGET --file FILE                                 run one input
               Sage.Fuzz TARGET --libfuzzer                                 serve a libFuzzer driver (see fuzz/README.md)
        exit codes: 0 nothing found, 1 a finding, 2 usage
        """;

    public static int Main(string[] args)
    {
        if (args is ["list"])
        {
            foreach (FuzzTarget target in Targets.All)
            {
                Console.WriteLine($"{target.Name,-20} {target.Oracle}");
            }

            return 0;
        }

        if (args.Length == 0 || Targets.Find(args[0]) is not { } chosen)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        string corpus = Corpus.DefaultFolder(chosen.Name);
        double seconds = 10;
        ulong seed = Xorshift.NewSeed();
        for (int i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--libfuzzer":
                    SharpFuzz.Fuzzer.LibFuzzer.Run(input => chosen.Run(input));
                    return 0;
                case "--file" when i + 1 < args.Length:
                    return Report(FuzzRunner.Run(chosen, File.ReadAllBytes(args[i + 1])));
                case "--corpus" when i + 1 < args.Length:
                    corpus = args[++i];
                    break;
                case "--seconds" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seconds):
                case "--seed" when i + 1 < args.Length && ulong.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
                    i++;
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        return Run(chosen, corpus, seconds, seed);
    }

    private static int Run(FuzzTarget target, string folder, double seconds, ulong seed)
    {
        IReadOnlyList<(string Name, byte[] Bytes)> corpus = Corpus.Read(folder);
        foreach ((string name, byte[] bytes) in corpus)
        {
            if (FuzzRunner.Run(target, bytes) is { } known)
            {
                Console.Error.WriteLine($"corpus file {name}:");
                return Report(known);
            }
        }

        long start = Stopwatch.GetTimestamp();
        FuzzFinding? finding = FuzzRunner.Mutate(
            target, [.. corpus.Select(entry => entry.Bytes)], new Xorshift(seed), _ => Stopwatch.GetElapsedTime(start).TotalSeconds < seconds, out long runs);
        Console.WriteLine($"{target.Name}: {corpus.Count} corpus files and {runs:N0} mutations, seed {seed}");
        return Report(finding);
    }

    private static int Report(FuzzFinding? finding)
    {
        if (finding is null)
        {
            return 0;
        }

        string path = Path.Combine(Environment.CurrentDirectory, $"finding-{finding.Target.Name}.bin");
        File.WriteAllBytes(path, finding.Input);
        Console.Error.WriteLine($"{finding}\nwritten to {path}");
        return 1;
    }
}
