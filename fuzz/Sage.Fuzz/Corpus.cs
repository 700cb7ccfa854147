namespace Sage.Fuzz;

/// <summary>The committed inputs: fuzz/corpus/TARGET/*.</summary>
internal static class Corpus
{
    public static string DefaultFolder(string target) => Path.Combine(FindRoot(), "fuzz", "corpus", target);

    public static IReadOnlyList<(string Name, byte[] Bytes)> Read(string folder) => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))]
        : [];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
