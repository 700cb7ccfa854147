using System.Xml.Linq;

namespace Sage.Conventions.Tests;

/// <summary>Packages: every one explained, every version locked, no registry named.</summary>
[TestFixture]
internal sealed class DependencyTests
{
    private static IEnumerable<XElement> Versions =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");

    [Test]
    public void Every_package_is_explained()
    {
        string page = Repository.Read("docs/dependencies.md");
        IEnumerable<string> missing = Versions.Select(element => element.Attribute("Include")!.Value)
            .Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal));

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_version_is_exact() =>
        Assert.That(Versions.Select(element => element.Attribute("Version")!.Value), Has.All.Match(@"^\d+\.\d+\.\d+(-[0-9a-z.]+)?$"));

    [Test]
    public void Every_project_is_locked()
    {
        IEnumerable<string> unlocked = Repository.Files(".", "*.csproj")
            .Where(path => !File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "packages.lock.json")))
            .Select(Repository.Relative);

        Assert.That(unlocked, Is.Empty);
    }

    [Test]
    public void No_lock_file_names_a_host()
    {
        string[] names = ["packages.lock.json", "package-lock.json", "npm-shrinkwrap.json"];
        IEnumerable<string> offenders = names.SelectMany(name => Repository.Files(".", name))
            .Where(path => File.ReadLines(path).Any(line => line.Contains("://", StringComparison.Ordinal) && !AsksForFunding(line)))
            .Select(Repository.Relative);

        Assert.That(offenders, Is.Empty);
    }

    // npm writes down where the author of a package can be paid; nothing is fetched from there.
    private static bool AsksForFunding(string line) => line.TrimStart().StartsWith("\"url\":", StringComparison.Ordinal);

    [Test]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("Sage.sln").Replace('\\', '/');
        IEnumerable<string> missing = Repository.Files(".", "*.csproj").Select(Repository.Relative)
            .Where(path => !solution.Contains(path, StringComparison.Ordinal));

        Assert.That(missing, Is.Empty);
    }
}
