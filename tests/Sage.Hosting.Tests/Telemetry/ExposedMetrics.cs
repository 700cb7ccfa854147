using System.Text.RegularExpressions;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>
/// What a page for Prometheus exposes: the names, and the labels of each. A label that only a fault gives counts too if the
/// instrument is documented with it.
/// </summary>
internal sealed partial class ExposedMetrics
{
    private static readonly HashSet<string> Words =
        ["sum", "rate", "increase", "histogram_quantile", "by", "and", "or", "max", "time"];

    // Prometheus adds these.
    private static readonly HashSet<string> Added = ["instance", "job", "le"];

    private readonly Dictionary<string, HashSet<string>> labels = new(StringComparer.Ordinal);

    public ExposedMetrics(string text)
    {
        Text = text;
        foreach (Match sample in Sample().Matches(text))
        {
            string name = sample.Groups["name"].Value;
            if (!labels.TryGetValue(name, out HashSet<string>? known))
            {
                labels[name] = known = [.. Documented(name)];
            }

            known.UnionWith(Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups[1].Value));
        }
    }

    public string Text { get; }

    /// <summary>The names of metrics and labels in a query that are not exposed.</summary>
    public IEnumerable<string> Unknown(string query)
    {
        string plain = Range().Replace(query, "");
        string names = Group().Replace(Matchers().Replace(plain, ""), "");
        string[] metrics = [.. Name().Matches(names).Select(match => match.Value).Where(name => !Words.Contains(name))];
        HashSet<string> known = [.. Added, .. metrics.SelectMany(name => labels.GetValueOrDefault(name) ?? [])];
        IEnumerable<string> used = Matchers().Matches(plain).SelectMany(matchers => Label().Matches(matchers.Value).Select(label => label.Groups[1].Value))
            .Concat(Group().Matches(plain).SelectMany(group => Name().Matches(group.Groups[1].Value).Select(match => match.Value)));
        return [.. metrics.Where(name => !labels.ContainsKey(name)).Select(name => $"metric {name} in {query}"),
            .. used.Where(label => !known.Contains(label)).Select(label => $"label {label} in {query}"),
            .. metrics.Length == 0 ? new[] { "no metric in " + query } : []];
    }

    private static IEnumerable<string> Documented(string name)
    {
        string page = File.ReadAllText(Path.Combine(QueryFiles.Root, "docs/telemetry.md"));
        return Row().Matches(page)
            .Where(row => name.StartsWith(row.Groups["name"].Value.Replace('.', '_'), StringComparison.Ordinal))
            .SelectMany(row => Attribute().Matches(row.Groups["attributes"].Value).Select(attribute => attribute.Groups[1].Value.Replace('.', '_')));
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? \S+", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"")]
    private static partial Regex Label();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\bby\s*\(([^)]*)\)")]
    private static partial Regex Group();

    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_:][\w:]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `(?<name>sage\.[\w.]+)` \| [^|]+ \| (?<attributes>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([\\w.]+)`")]
    private static partial Regex Attribute();
}
