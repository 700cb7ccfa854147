namespace Sage.Conventions.Tests;

/// <summary>Which package may know which: the cores below, ASP.NET Core above them, plug-ins and the command as leaves.</summary>
[TestFixture]
internal sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sage.Crypto"] = [],
        ["Sage.Did"] = ["Sage.Crypto"],
        ["Sage.HttpSignatures"] = ["Sage.Crypto"],
        ["Sage.Session"] = ["Sage.Crypto", "Sage.Did"],
        ["Sage.AspNetCore"] = ["Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session"],
        ["Sage.Did.Ethereum"] = ["Sage.Crypto", "Sage.Did"],
        ["Sage.Redis"] = ["Sage.Crypto"],
        ["Sage.PostgreSql"] = ["Sage.Crypto", "Sage.Did", "Sage.Session"],
        ["Sage.Sqlite"] = ["Sage.Crypto", "Sage.Did", "Sage.Session"],
        ["Sage.Hosting"] =
        [
            "Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session", "Sage.AspNetCore", "Sage.Did.Ethereum", "Sage.Redis", "Sage.PostgreSql", "Sage.Sqlite",
        ],
        ["Sage.AgentHost"] =
        [
            "Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session", "Sage.AspNetCore", "Sage.Did.Ethereum", "Sage.Redis", "Sage.PostgreSql", "Sage.Sqlite",
            "Sage.Hosting",
        ],
        ["Sage.Cli"] =
        [
            "Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session", "Sage.AspNetCore", "Sage.Did.Ethereum", "Sage.PostgreSql", "Sage.Sqlite",
        ],
    };

    private static readonly string[] CryptoLibraries = ["BouncyCastle.Cryptography", "Geralt"];

    private static readonly string[] Products = [.. Repository.Products];

    private static readonly string[] ProductsWithoutCrypto = [.. Repository.Products.Where(name => name != "Sage.Crypto")];

    [TestCaseSource(nameof(Products))]
    public void Project_references_point_down(string product)
    {
        IEnumerable<string> references = Repository.Project(product).Descendants("ProjectReference")
            .Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.That(references, Is.SubsetOf(AllowedFor(product)));
    }

    [TestCaseSource(nameof(Products))]
    public void Assembly_references_point_down(string product)
    {
        IEnumerable<string> references = Repository.Load(product).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Sage.", StringComparison.Ordinal) || name == "sage");

        Assert.That(references, Is.SubsetOf(AllowedFor(product)));
    }

    [TestCaseSource(nameof(ProductsWithoutCrypto))]
    public void Only_the_crypto_package_knows_a_crypto_library(string product)
    {
        IEnumerable<string> references = Repository.Load(product).GetReferencedAssemblies().Select(name => name.Name!);

        Assert.That(references.Intersect(CryptoLibraries), Is.Empty);
    }

    [Test]
    public void Only_the_backend_folder_names_a_crypto_library()
    {
        string[] offenders =
        [
            .. Repository.SourceFiles("src")
                .Where(path => !Repository.Relative(path).StartsWith("src/Sage.Crypto/Internal/Backend/", StringComparison.Ordinal))
                .Where(path => File.ReadLines(path).Select(WithoutComment).Any(NamesCryptoLibrary))
                .Select(Repository.Relative),
        ];

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void The_crypto_package_needs_neither_a_web_server_nor_a_container()
    {
        string[] heavy = ["Microsoft.AspNetCore", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.DependencyInjection,"];
        foreach (string core in new[] { "Sage.Crypto", "Sage.Did", "Sage.Session" })
        {
            IEnumerable<string> references = Repository.Load(core).GetReferencedAssemblies().Select(name => name.FullName);
            Assert.That(references.Where(name => heavy.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))), Is.Empty, core);
        }
    }

    private static string[] AllowedFor(string product) => Allowed.TryGetValue(product, out string[]? allowed)
        ? allowed
        : throw new AssertionException($"{product} is new: say in {nameof(LayerTests)} what it may reference.");

    private static string WithoutComment(string line)
    {
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    private static bool NamesCryptoLibrary(string line) =>
        line.Contains("Org.BouncyCastle", StringComparison.Ordinal)
        || line.Contains("Geralt", StringComparison.Ordinal)
        || line.Contains("DllImport", StringComparison.Ordinal)
        || line.Contains("LibraryImport", StringComparison.Ordinal);
}
