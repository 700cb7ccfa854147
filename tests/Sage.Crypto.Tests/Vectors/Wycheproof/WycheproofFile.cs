using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors.Wycheproof;

/// <summary>One Wycheproof file: runs every case and says by id what became of those that need saying.</summary>
internal sealed class WycheproofFile
{
    private readonly SortedSet<int> wrong = [];
    private readonly SortedSet<int> acceptable = [];
    private readonly SortedSet<int> unsupported = [];

    private WycheproofFile()
    {
    }

    /// <summary>Ids whose result is not the expected one.</summary>
    public string Wrong => Format(wrong);

    /// <summary>Ids of "acceptable" cases that were accepted.</summary>
    public string Accepted => Format(acceptable);

    /// <summary>Ids of cases that were not run.</summary>
    public string Unsupported => Format(unsupported);

    /// <summary>How many cases were run.</summary>
    public int Count { get; private set; }

    /// <summary>Runs a file; <paramref name="accepts"/> answers null for a case the product has no operation for.</summary>
    public static WycheproofFile Run(string name, Func<JsonElement, JsonElement, bool?> accepts)
    {
        WycheproofFile file = new();
        using JsonDocument document = Sage.Tests.ConformanceData.Json("wycheproof", name);
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                int id = test.GetProperty("tcId").GetInt32();
                file.Add(id, test.GetProperty("result").GetString()!, accepts(group, test));
            }
        }

        Assert.That(file.Count + file.unsupported.Count, Is.EqualTo(document.RootElement.GetProperty("numberOfTests").GetInt32()));
        return file;
    }

    public static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    /// <summary>Ids as ranges: <c>1-3 7</c>.</summary>
    public static string Format(SortedSet<int> ids)
    {
        StringBuilder text = new();
        foreach (int first in ids.Where(id => !ids.Contains(id - 1)))
        {
            int last = first;
            while (ids.Contains(last + 1))
            {
                last++;
            }

            text.Append(text.Length > 0 ? " " : "").Append(first);
            if (last > first)
            {
                text.Append('-').Append(last);
            }
        }

        return text.ToString();
    }

    private void Add(int id, string expected, bool? accepted)
    {
        if (accepted is null)
        {
            unsupported.Add(id);
            return;
        }

        Count++;
        if (expected == "acceptable")
        {
            if (accepted.Value)
            {
                acceptable.Add(id);
            }
        }
        else if (accepted.Value != (expected == "valid"))
        {
            wrong.Add(id);
        }
    }
}
