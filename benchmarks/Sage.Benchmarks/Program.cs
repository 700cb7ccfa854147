using BenchmarkDotNet.Running;

namespace Sage.Benchmarks;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["--quick", ..])
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return 0;
        }

        Console.WriteLine($"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
        foreach (Func<Group> create in Groups.All)
        {
            if (args.Length == 1 || Name(create).Contains(args[1], StringComparison.OrdinalIgnoreCase))
            {
                Quick.Run(create);
            }
        }

        if (args.Length == 1 || "nonce".Contains(args[1], StringComparison.OrdinalIgnoreCase))
        {
            NonceBenchmark.Run();
        }

        if (args.Length == 1 || "redis".Contains(args[1], StringComparison.OrdinalIgnoreCase))
        {
            await RedisBenchmark.RunAsync();
        }

        if (args.Length == 1 || "database".Contains(args[1], StringComparison.OrdinalIgnoreCase))
        {
            await DatabaseBenchmark.RunAsync();
        }

        return 0;
    }

    private static string Name(Func<Group> create)
    {
        using Group group = create();
        return group.Name;
    }
}
