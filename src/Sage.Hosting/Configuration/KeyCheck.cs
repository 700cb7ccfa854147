using System.Globalization;
using Microsoft.Extensions.Configuration;
using Sage.Did;

namespace Sage.Hosting;

/// <summary>
/// Refuses keys that do not exist and texts that cannot be read, all of them at once. No message repeats a value: somebody may have
/// written a secret where none belongs.
/// </summary>
internal static class KeyCheck
{
    public static void Run(IConfigurationSection section, List<string> problems) => Visit(section, KeyTree.Root, problems);

    private static void Visit(IConfigurationSection section, KeyTree node, List<string> problems)
    {
        if (node.Key is { } key)
        {
            VisitValue(section, key, problems);
            return;
        }

        // An empty list of JSON is an empty text here.
        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add($"'{section.Path}' has a value but is a section: set {Below(section, node)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (node.Entry is { } entry)
            {
                VisitEntry(section, child, entry, problems);
            }
            else if (node.Find(child.Key) is { } known)
            {
                Visit(child, known, problems);
            }
            else
            {
                string hint = NearestName.Find(child.Key, node.Names) is { } name
                    ? $"did you mean '{section.Path}:{name}'?"
                    : $"there are {Below(section, node)}.";
                problems.Add($"'{child.Path}' is not a setting: {hint}");
            }
        }
    }

    private static void VisitEntry(IConfigurationSection list, IConfigurationSection child, KeyTree entry, List<string> problems)
    {
        if (child.Key.Length > 4 || !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            problems.Add($"'{list.Path}' is a list: number its entries from '{list.Path}:0', at most '{list.Path}:9999', in place of '{child.Path}'.");
            return;
        }

        Visit(child, entry, problems);
    }

    private static void VisitValue(IConfigurationSection section, KnownKey key, List<string> problems)
    {
        if (section.GetChildren().Any())
        {
            problems.Add($"'{section.Path}' is one value and has no settings below it.");
        }
        else if (section.Value is { } value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                problems.Add($"'{section.Path}' is empty: give it a value or remove it.");
            }
            else if (Expected(key, value) is { } expected)
            {
                problems.Add($"'{section.Path}' must be {expected}.");
            }
        }
    }

    /// <summary>What the value should have been, or <see langword="null"/> if it is.</summary>
    private static string? Expected(KnownKey key, string value) => key.Kind switch
    {
        ValueKind.Flag when !bool.TryParse(value, out _) => "true or false",
        ValueKind.Number when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) || !Fits(key, number)
            => "a whole number in digits, for example 1000",

        // Without a colon, a number would be read as days.
        ValueKind.Duration when !value.Contains(':', StringComparison.Ordinal) || !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _)
            => "a duration in the form hours:minutes:seconds, for example 00:00:30",
        ValueKind.Url when !Uri.TryCreate(value, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0
            => "an absolute http or https URL without a user name, for example https://agent.example",
        ValueKind.Did when !AgentDid.TryParse(value, out _) => $"a DID of at most {AgentDid.MaxLength} bytes, for example did:sage:ethereum:0x… or did:key:z…",
        ValueKind.Choice when !key.Choices!.Contains(value, StringComparer.OrdinalIgnoreCase) => $"one of {string.Join(", ", key.Choices!)}",
        _ => null,
    };

    // Only what a chain counts is longer than 32 bits.
    private static bool Fits(KnownKey key, long number) =>
        number is >= int.MinValue and <= int.MaxValue
        || key.Path.EndsWith(":ChainId", StringComparison.Ordinal) || key.Path.EndsWith(":FirstBlock", StringComparison.Ordinal);

    private static string Below(IConfigurationSection section, KeyTree node) => node.Entry is not null
        ? $"'{section.Path}:0' and so on"
        : string.Join(", ", node.Names.Select(name => $"'{section.Path}:{name}'"));
}
