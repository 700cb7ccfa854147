using System.Text.Json;
using Sage.HttpSignatures.StructuredFields;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The suite of the HTTP working group, whole.</summary>
[TestFixture]
internal sealed class StructuredFieldVectorTests
{
    /// <summary>The cases that the suite leaves open, and what is decided: base64 has one text; a date is a number of seconds; a quoted comma is text.</summary>
    private static readonly Dictionary<string, bool> Open = new()
    {
        ["bad padding"] = false,
        ["non-zero pad bits"] = false,
        ["syntactic max date - 999,999,999,999,999"] = true,
        ["syntactic min date - -999,999,999,999,999"] = true,
        ["two lines string"] = true,
        ["two lines display string"] = true,
    };

    /// <summary>What the limits for signature fields refuse of the suite.</summary>
    private static readonly string[] TooLargeForSignatures =
    [
        "large dictionary", "large list", "large parameterised list", "large params", "large byte sequence", "large inner list",
    ];

    [Test]
    public void Parsing_and_serialising_again_give_what_the_suite_says()
    {
        int right = 0;
        int refused = 0;
        List<string> open = [];
        List<string> wrong = [];
        foreach (JsonElement test in Cases())
        {
            string name = test.GetProperty("name").GetString()!;
            bool mayFail = Flag(test, "can_fail");
            bool accept = mayFail ? Open[name] : !Flag(test, "must_fail");
            if (mayFail)
            {
                open.Add(name);
            }

            bool accepted = StructuredField.TryParse(TypeOf(test), Lines(test), StructuredFieldLimits.Standard, out StructuredField? field);
            bool asExpected = accepted == accept
                && (!accepted || FieldModel.From(field!).Describe() == FieldModel.From(TypeOf(test), test.GetProperty("expected")).Describe())
                && (!accepted || field!.Serialize() == Canonical(test));
            right += asExpected ? 1 : 0;
            refused += accepted ? 0 : 1;
            if (!asExpected)
            {
                wrong.Add(name);
            }
        }

        TestContext.Out.WriteLine($"{right:N0}/{1591:N0} cases of parsing, {refused} refused");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Empty);
            Assert.That(right, Is.EqualTo(1591));
            Assert.That(refused, Is.EqualTo(864 + Open.Count(decision => !decision.Value)));
            Assert.That(open, Is.EquivalentTo(Open.Keys));
        }
    }

    [Test]
    public void Serialising_gives_what_the_suite_says()
    {
        int right = 0;
        int refused = 0;
        List<string> wrong = [];
        foreach (JsonElement test in Cases("serialisation-tests"))
        {
            bool written = FieldModel.From(TypeOf(test), test.GetProperty("expected")).TryWrite(out string? text);
            bool asExpected = Flag(test, "must_fail") ? !written && text is null : written && text == Canonical(test);
            right += asExpected ? 1 : 0;
            refused += written ? 0 : 1;
            if (!asExpected)
            {
                wrong.Add($"{test.GetProperty("name")}: {text}");
            }
        }

        TestContext.Out.WriteLine($"{right}/544 cases of serialising, {refused} refused");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Empty);
            Assert.That(right, Is.EqualTo(544));
            Assert.That(refused, Is.EqualTo(539));
        }
    }

    [Test]
    public void The_expected_values_of_parsing_are_written_in_canonical_form()
    {
        // Outside of the scope: without the data the test is skipped, which a scope does not allow.
        ConformanceData.File("structured-fields");
        int written = 0;
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement test in Cases().Where(test => !Flag(test, "must_fail")))
            {
                Assert.That(FieldModel.From(TypeOf(test), test.GetProperty("expected")).TryWrite(out string? text), test.GetProperty("name").GetString());
                Assert.That(text, Is.EqualTo(Canonical(test)));
                written++;
            }
        }

        Assert.That(written, Is.EqualTo(1591 - 864));
    }

    [Test]
    public void The_limits_for_signature_fields_refuse_the_large_cases_and_no_other()
    {
        IEnumerable<string> refused = Cases()
            .Where(test => StructuredField.TryParse(TypeOf(test), Lines(test), StructuredFieldLimits.Standard, out _))
            .Where(test => !StructuredField.TryParse(TypeOf(test), Lines(test), StructuredFieldLimits.Default, out _))
            .Select(test => test.GetProperty("name").GetString()!);

        Assert.That(refused, Is.EquivalentTo(TooLargeForSignatures));
    }

    private static IEnumerable<JsonElement> Cases(params string[] folder)
    {
        foreach (string path in Directory.GetFiles(ConformanceData.File(["structured-fields", .. folder]), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonElement test in document.RootElement.EnumerateArray())
            {
                yield return test;
            }
        }
    }

    private static bool Flag(JsonElement test, string name) => test.TryGetProperty(name, out JsonElement flag) && flag.GetBoolean();

    private static StructuredFieldType TypeOf(JsonElement test) => test.GetProperty("header_type").GetString() switch
    {
        "item" => StructuredFieldType.Item,
        "list" => StructuredFieldType.List,
        _ => StructuredFieldType.Dictionary,
    };

    private static string[] Lines(JsonElement test) => [.. test.GetProperty("raw").EnumerateArray().Select(line => line.GetString()!)];

    private static string Canonical(JsonElement test) =>
        string.Join(", ", test.TryGetProperty("canonical", out JsonElement canonical) ? canonical.EnumerateArray().Select(line => line.GetString()!) : Lines(test));
}
