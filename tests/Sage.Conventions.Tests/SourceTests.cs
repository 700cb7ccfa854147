using System.Text.RegularExpressions;

namespace Sage.Conventions.Tests;

/// <summary>Sizes of files and of the whole, and what must not stand in a source file.</summary>
[TestFixture]
internal sealed partial class SourceTests
{
    private static readonly string[] Cores = ["Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session"];

    [Test]
    public void Source_files_stay_short()
    {
        int[] lengths = [.. Repository.SourceFiles("src").Select(path => File.ReadLines(path).Count()).Order()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Repository.SourceFiles("src").Where(path => File.ReadLines(path).Count() > 400).Select(Repository.Relative), Is.Empty);
            Assert.That(lengths[lengths.Length / 2], Is.LessThanOrEqualTo(80), "median");
            Assert.That(lengths[lengths.Length * 9 / 10], Is.LessThan(200), "nine in ten");
        }
    }

    [Test]
    public void The_cores_stay_within_the_budget_of_lines()
    {
        int lines = Cores
            .Where(core => Directory.Exists(Path.Combine(Repository.Root, "src", core)))
            .SelectMany(core => Repository.SourceFiles("src/" + core))
            .Sum(path => File.ReadLines(path).Count(IsCode));

        Assert.That(lines, Is.LessThanOrEqualTo(13_500), "lines of code: without blank ones, comments and lone braces");
    }

    [Test]
    public void A_file_holds_the_type_it_is_named_after()
    {
        IEnumerable<string> offenders = Repository.SourceFiles("src")
            .Where(path => Path.GetFileName(path) is not "Program.cs" and not "AssemblyInfo.cs")
            .Where(path => !Regex.IsMatch(File.ReadAllText(path), $@"\b(class|struct|interface|enum|record|delegate\s+\S+)\s+{Regex.Escape(TypeName(path))}\b"))
            .Select(Repository.Relative);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Nothing_is_left_unfinished()
    {
        IEnumerable<string> offenders = Repository.SourceFiles(".")
            .Where(path => !path.EndsWith("SourceTests.cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Where(line => Unfinished().IsMatch(line)).Select(line => $"{Repository.Relative(path)}: {line.Trim()}"));

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void No_exception_is_caught_and_dropped()
    {
        IEnumerable<string> offenders = Repository.SourceFiles("src")
            .Where(path => EmptyCatch().IsMatch(File.ReadAllText(path)))
            .Select(Repository.Relative);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Event_ids_are_unique_and_in_the_range_of_their_package()
    {
        Dictionary<string, (int First, int Last)> ranges = new()
        {
            ["Sage.Crypto"] = (500, 999),
            ["Sage.Did"] = (1000, 1999),
            ["Sage.Did.Ethereum"] = (7000, 7999),
            ["Sage.HttpSignatures"] = (4000, 4999),
            ["Sage.Session"] = (3000, 3999),
            ["Sage.AspNetCore"] = (5000, 5999),
            ["Sage.Cli"] = (6000, 6999),
            ["Sage.Redis"] = (8000, 8199),
            ["Sage.PostgreSql"] = (8200, 8499),
            ["Sage.Sqlite"] = (8500, 8799),
            ["Sage.Hosting"] = (9000, 9499),
            ["Sage.AgentHost"] = (9500, 9999),
        };
        List<int> seen = [];
        foreach (string product in Repository.Products)
        {
            foreach (string path in Repository.SourceFiles("src/" + product))
            {
                foreach (Match match in EventId().Matches(File.ReadAllText(path)))
                {
                    int id = int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture);
                    (int first, int last) = ranges.GetValueOrDefault(product, (6000, 9999));
                    Assert.That(id, Is.InRange(first, last), Repository.Relative(path));
                    seen.Add(id);
                }
            }
        }

        Assert.That(seen, Is.Unique);
    }

    private static bool IsCode(string line) =>
        line.Trim() is { Length: > 0 } text && text is not ("{" or "}" or "};") && !text.StartsWith("//", StringComparison.Ordinal);

    private static string TypeName(string path) => Path.GetFileNameWithoutExtension(path).Split('.')[0];

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)")]
    private static partial Regex EventId();
}
