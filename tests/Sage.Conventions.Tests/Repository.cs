using System.Reflection;
using System.Xml.Linq;

namespace Sage.Conventions.Tests;

/// <summary>The source tree these tests look at, and the assemblies built from it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The names of the product projects: the folders of src.</summary>
    public static IReadOnlyList<string> Products { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Assembly> Assemblies { get; } = [.. Products.Select(Load)];

    /// <summary>The libraries: everything that is packed for use by other code.</summary>
    public static IReadOnlyList<Assembly> Libraries { get; } = [.. Products.Where(name => name is not ("Sage.Cli" or "Sage.AgentHost")).Select(Load)];

    public static IEnumerable<string> SourceFiles(string folder) => Files(folder, "*.cs");

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Relative(path).Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts" or ".git"))
            .Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    public static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", name, name + ".csproj"));

    public static Assembly Load(string product) => Assembly.Load(AssemblyName(product));

    public static string AssemblyName(string product) =>
        Project(product).Descendants("AssemblyName").FirstOrDefault()?.Value ?? product;

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Sage.sln is in no folder above the tests.");
    }
}
