namespace Sage.Hosting;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The name with the fewest changes between, or <see langword="null"/> if none is near.</summary>
    public static string? Find(string written, IEnumerable<string> names)
    {
        if (written.Length > LongestCompared)
        {
            return null;
        }

        (string Name, int Distance)[] near =
        [
            .. names.Select(name => (name, Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
                .Where(pair => pair.Item2 <= Math.Max(2, pair.name.Length / 3))
                .OrderBy(pair => pair.Item2),
        ];
        return near.Length == 0 ? null : near[0].Name;
    }

    // Levenshtein, a row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
