using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>The queries of the files that operators load.</summary>
internal static partial class QueryFiles
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Read(string file)
    {
        string text = File.ReadAllText(Path.Combine(Root, file));
        return file.EndsWith(".json", StringComparison.Ordinal) ? Dashboard(text) : Expression().Matches(text).Select(match => match.Groups[1].Value);
    }

    private static List<string> Dashboard(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Sage.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"expr: >-\n((?: {10}.*\n)+)")]
    private static partial Regex Expression();
}
