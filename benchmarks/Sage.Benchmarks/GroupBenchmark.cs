using BenchmarkDotNet.Attributes;

namespace Sage.Benchmarks;

/// <summary>The same groups under BenchmarkDotNet, one case per candidate.</summary>
[MemoryDiagnoser]
public class GroupBenchmark
{
    private Group? group;
    private Action run = () => { };

    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = "";

    public static IEnumerable<string> Cases => Groups.All.SelectMany(create =>
    {
        using Group group = create();
        return group.Candidates.Select(candidate => $"{group.Name} / {candidate.Name}").ToArray();
    });

    [GlobalSetup]
    public void Setup()
    {
        foreach (Func<Group> create in Groups.All)
        {
            Group made = create();
            if (made.Candidates.FirstOrDefault(candidate => $"{made.Name} / {candidate.Name}" == Case) is { } candidate)
            {
                group = made;
                run = candidate.Run;
                return;
            }

            made.Dispose();
        }

        throw new InvalidOperationException($"There is no case {Case}.");
    }

    [GlobalCleanup]
    public void Cleanup() => group?.Dispose();

    [Benchmark]
    public void Run() => run();
}
