using System.Text.RegularExpressions;

namespace Sage.Conventions.Tests;

/// <summary>The pages agree with the code and stand on their own.</summary>
[TestFixture]
internal sealed partial class DocumentationTests
{
    private static IEnumerable<string> Pages => Repository.Files(".", "*.md");

    [Test]
    public void Code_in_the_readme_is_compiled_code()
    {
        string[] regions = [.. Regions(Repository.Read("tests/Sage.Conventions.Tests/ReadmeSnippets.cs"))];
        string[] blocks = [.. CodeBlock().Matches(Repository.Read("README.md")).Select(match => Normalize(match.Groups["code"].Value))];

        Assert.That(blocks, Is.Not.Empty.And.SubsetOf(regions));
    }

    [Test]
    public void Code_in_the_getting_started_page_is_compiled_code()
    {
        string[] regions = [.. Regions(Repository.Read("tests/Sage.Conventions.Tests/ReadmeSnippets.cs"))];
        IEnumerable<string> blocks = CodeBlock().Matches(Repository.Read("docs/getting-started.md")).Select(match => Normalize(match.Groups["code"].Value));

        Assert.That(blocks, Is.SubsetOf(regions));
    }

    [Test]
    public void Code_in_the_registry_page_is_compiled_code()
    {
        string[] regions = [.. Regions(Repository.Read("tests/Sage.Conventions.Tests/RegistrySnippets.cs"))];
        string[] blocks = [.. CodeBlock().Matches(Repository.Read("docs/registry.md")).Select(match => Normalize(match.Groups["code"].Value))];

        Assert.That(blocks, Is.Not.Empty.And.SubsetOf(regions));
    }

    [Test]
    public void Code_in_the_pages_of_packages_is_compiled_code()
    {
        string[] regions = [.. Repository.Files("tests/Sage.Conventions.Tests", "*Snippets.cs").SelectMany(path => Regions(File.ReadAllText(path)))];
        IEnumerable<string> blocks = Repository.Products
            .SelectMany(product => CodeBlock().Matches(Repository.Read($"src/{product}/README.md")))
            .Select(match => Normalize(match.Groups["code"].Value));

        Assert.That(blocks, Is.SubsetOf(regions));
    }

    [Test]
    public void The_readme_is_one_screen() =>
        Assert.That(Repository.Read("README.md").Split('\n'), Has.Length.LessThanOrEqualTo(90));

    [Test]
    public void Links_lead_somewhere()
    {
        List<string> broken = [];
        foreach (string page in Pages)
        {
            foreach (Match match in Link().Matches(File.ReadAllText(page)))
            {
                string target = match.Groups["target"].Value.Split('#')[0];
                string path = Path.Combine(Path.GetDirectoryName(page)!, target);
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !File.Exists(path) && !Directory.Exists(path))
                {
                    broken.Add($"{Repository.Relative(page)}: {target}");
                }
            }
        }

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Every_page_is_linked_from_the_readme_or_from_the_list_of_decisions()
    {
        string links = Repository.Read("README.md") + Repository.Read("docs/decisions/README.md");
        IEnumerable<string> lonely = Repository.Files("docs", "*.md")
            .Where(page => !links.Contains(Path.GetFileName(page) + ")", StringComparison.Ordinal))
            .Select(Repository.Relative);

        Assert.That(lonely, Is.Empty);
    }

    [Test]
    public void Pages_name_no_path_of_one_machine() =>
        Assert.That(Pages.Where(page => MachinePath().IsMatch(File.ReadAllText(page))).Select(Repository.Relative), Is.Empty);

    [Test]
    public void Every_package_has_a_page_in_the_readme_and_one_of_its_own()
    {
        string readme = Repository.Read("README.md");
        using (Assert.EnterMultipleScope())
        {
            foreach (string product in Repository.Products)
            {
                Assert.That(readme, Does.Contain($"`{product}`"));
                Assert.That(File.Exists(Path.Combine(Repository.Root, "src", product, "README.md")), Is.True, product);
            }
        }
    }

    [Test]
    public void Every_name_given_to_telemetry_is_documented_and_well_formed()
    {
        string page = Repository.Read("docs/telemetry.md");
        using (Assert.EnterMultipleScope())
        {
            foreach (string path in Repository.SourceFiles("src"))
            {
                foreach (Match match in TelemetryName().Matches(File.ReadAllText(path)))
                {
                    string name = match.Groups["name"].Value;
                    Assert.That(name, Does.Match(@"^sage(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)+$"), Repository.Relative(path));
                    Assert.That(name, Does.Not.EndWith("_total"), Repository.Relative(path));
                    Assert.That(page, Does.Contain($"`{name}`"), Repository.Relative(path));
                }
            }
        }
    }

    [Test]
    public void Every_instrument_that_the_telemetry_page_lists_exists()
    {
        string sources = string.Concat(Repository.SourceFiles("src").Select(File.ReadAllText));
        IEnumerable<string> missing = Instrument().Matches(Repository.Read("docs/telemetry.md"))
            .Select(match => match.Groups["name"].Value)
            .Where(name => !sources.Contains($"\"{name}\"", StringComparison.Ordinal));

        Assert.That(missing, Is.Empty);
    }

    /// <summary>The regions of a source file by indentation-free text.</summary>
    private static IEnumerable<string> Regions(string source) =>
        Region().Matches(source.ReplaceLineEndings("\n")).Select(match => Normalize(match.Groups["code"].Value));

    /// <summary>Takes the common indentation and blank lines at both ends away.</summary>
    private static string Normalize(string code)
    {
        string[] lines = code.ReplaceLineEndings("\n").Trim('\n').Split('\n');
        int indentation = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length >= indentation ? line[indentation..].TrimEnd() : "")).Trim('\n');
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\s*#region [^\n]*\n(?<code>.*?)^\s*#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(^|[\s`(""'=:])(/work|/tmp|/root|/home)/[a-z]", RegexOptions.Multiline)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"""(?<name>sage\.[^""\s{}]+)""")]
    private static partial Regex TelemetryName();

    [GeneratedRegex(@"^\| `(?<name>sage\.[a-z_.]+)` \| (Histogram|Counter|UpDownCounter|ObservableGauge)", RegexOptions.Multiline)]
    private static partial Regex Instrument();
}
