using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests.Unit.StructuredFields;

/// <summary>Each limit is met exactly, and one more is refused.</summary>
[TestFixture]
internal sealed class StructuredFieldLimitsTests
{
    private static readonly StructuredFieldLimits Limits = StructuredFieldLimits.Default;

    private static IEnumerable<TestCaseData> Edges()
    {
        yield return Edge("members of a list", StructuredFieldType.List, Limits.Members, n => string.Join(',', Enumerable.Repeat("1", n)));
        yield return Edge("members of a dictionary", StructuredFieldType.Dictionary, Limits.Members, n => string.Join(',', Enumerable.Range(0, n).Select(i => $"a{i}")));
        yield return Edge("members that are overwritten", StructuredFieldType.Dictionary, Limits.Members, n => string.Join(',', Enumerable.Repeat("a", n)));
        yield return Edge("items of an inner list", StructuredFieldType.List, Limits.InnerListItems, n => $"({string.Join(' ', Enumerable.Repeat("1", n))})");
        yield return Edge("parameters", StructuredFieldType.Item, Limits.Parameters, n => "1" + string.Concat(Enumerable.Range(0, n).Select(i => $";a{i}=1")));
        yield return Edge("parameters that are overwritten", StructuredFieldType.Item, Limits.Parameters, n => "1" + string.Concat(Enumerable.Repeat(";a", n)));
        yield return Edge("characters of a key", StructuredFieldType.Dictionary, Limits.KeyLength, n => new string('k', n) + "=1");
        yield return Edge("characters of a parameter key", StructuredFieldType.Item, Limits.KeyLength, n => "1;" + new string('k', n));
        yield return Edge("characters of a string", StructuredFieldType.Item, Limits.StringLength, n => $"\"{new string('s', n)}\"");
        yield return Edge("characters of a display string", StructuredFieldType.Item, Limits.StringLength, n => $"%\"{new string('s', n)}\"");
        yield return Edge("characters of a token", StructuredFieldType.Item, Limits.TokenLength, n => new string('t', n));
        yield return Edge("base64 quartets", StructuredFieldType.Item, Limits.ByteSequenceLength / 4, n => $":{new string('A', 4 * n)}:");
        yield return Edge("characters of a field", StructuredFieldType.Item, Limits.FieldLength, n => "1".PadRight(n));
        yield return Edge("digits of an integer", StructuredFieldType.Item, 15, n => new string('9', n));
        yield return Edge("digits before the point", StructuredFieldType.Item, 12, n => new string('9', n) + ".999");
        yield return Edge("digits behind the point", StructuredFieldType.Item, 3, n => "-1." + new string('9', n));
    }

    [TestCaseSource(nameof(Edges))]
    public void A_limit_is_the_most_that_is_read(StructuredFieldType type, string most, string tooMuch)
    {
        Assert.That(StructuredField.TryParse(type, most, out _));
        Assert.That(StructuredField.TryParse(type, tooMuch, out _), Is.False);
    }

    [Test]
    public void Lines_are_counted_before_they_are_joined()
    {
        string[] lines = [.. Enumerable.Repeat(new string(' ', Limits.FieldLength / 4), 4)];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(StructuredField.TryParse(StructuredFieldType.List, lines, Limits, out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Limits.FieldLength));
    }

    private static TestCaseData Edge(string name, StructuredFieldType type, int most, Func<int, string> text) =>
        new TestCaseData(type, text(most), text(most + 1)).SetArgDisplayNames(name);
}
