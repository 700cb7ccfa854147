using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Sage.Crypto.Tests.Properties;

[TestFixture]
public sealed class JsonProperties
{
    [FsCheck.NUnit.Property(Arbitrary = [typeof(JsonTexts)], MaxTest = 500)]
    public void Canonical_text_means_what_the_input_meant_and_stays_as_it_is(JsonText input)
    {
        byte[] canonical = JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(input.Text));

        using JsonDocument before = JsonDocument.Parse(input.Text);
        using JsonDocument after = JsonDocument.Parse(canonical);
        Assert.That(JsonElement.DeepEquals(before.RootElement, after.RootElement), input.Text);
        Assert.That(JsonCanonicalizer.Canonicalize(canonical), Is.EqualTo(canonical));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(JsonTexts)], MaxTest = 500)]
    public void White_space_and_member_order_do_not_matter(JsonText input)
    {
        JsonNode? node = JsonNode.Parse(input.Text);
        string indented = Reverse(node)?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? "null";
        Assert.That(
            JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(indented)),
            Is.EqualTo(JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(input.Text))));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void Arbitrary_bytes_are_refused_without_an_exception(byte[] noise)
    {
        _ = JsonCanonicalizer.TryCanonicalize(noise, out _);
        // Bytes that JSON is made of, so that the parser gets further than the first of them.
        byte[] alphabet = [.. "{}[]\",:\\u0dc8e-1.tn "u8, 0x80, 0xed];
        byte[] likely = [.. noise.Select(value => alphabet[value % alphabet.Length])];
        _ = JsonCanonicalizer.TryCanonicalize(likely, out _);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(JsonTexts)], MaxTest = 1000)]
    public void Damaged_text_is_refused_without_an_exception(JsonText input, ushort at, byte value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(input.Text);
        utf8[at % utf8.Length] = value;
        if (JsonCanonicalizer.TryCanonicalize(utf8, out byte[]? canonical))
        {
            Assert.That(JsonCanonicalizer.Canonicalize(canonical), Is.EqualTo(canonical));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 5000)]
    public void A_number_is_written_in_full_and_in_one_notation(ulong bits)
    {
        double value = BitConverter.UInt64BitsToDouble(bits);
        if (!double.IsFinite(value) || value == 0)
        {
            return;
        }

        string text = Unit.Json.EcmaScriptNumberTests.Write(value);
        Assert.That(double.Parse(text, CultureInfo.InvariantCulture), Is.EqualTo(value), text);
        Assert.That(text.Contains('e', StringComparison.Ordinal), Is.EqualTo(Math.Abs(value) is >= 1e21 or < 1e-6), text);
        Assert.That(text, Does.Match(@"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?(e[+-][1-9][0-9]*)?$"));
    }

    private static JsonNode? Reverse(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.Reverse().Select(static member => KeyValuePair.Create(member.Key, Reverse(member.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(Reverse)]);
            default:
                return node?.DeepClone();
        }
    }

    public sealed record JsonText(string Text);

    internal static class JsonTexts
    {
        public static Arbitrary<JsonText> Texts() => Value(4).Select(static node => new JsonText(node?.ToJsonString() ?? "null")).ToArbitrary();

        private static Gen<JsonNode?> Value(int depth)
        {
            // Lone surrogates are refused (see StrictJsonTests), and −0 becomes 0, which compares unequal as JSON.
            Gen<string> text = ArbMap.Default.GeneratorFor<string>().Select(static raw => new string([.. (raw ?? "").Where(static c => !char.IsSurrogate(c))]));
            Gen<double> number = ArbMap.Default.GeneratorFor<double>().Where(static value => double.IsFinite(value) && value != 0);
            Gen<JsonNode?> leaf = Gen.OneOf(
                text.Select(static value => (JsonNode?)JsonValue.Create(value)),
                number.Select(static value => (JsonNode?)JsonValue.Create(value)),
                Gen.Elements<JsonNode?>(null, JsonValue.Create(true), JsonValue.Create(false)).Select(static node => node?.DeepClone()));
            if (depth == 0)
            {
                return leaf;
            }

            Gen<JsonNode?> inner = Value(depth - 1);
            return Gen.OneOf(
                leaf,
                inner.ListOf().Select(static items => (JsonNode?)new JsonArray([.. items.Take(5).Select(static item => item?.DeepClone())])),
                text.Zip(inner).ListOf().Select(static members => (JsonNode?)new JsonObject(members
                    .Take(6)
                    .DistinctBy(static member => member.Item1)
                    .Select(static member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone())))));
        }
    }
}
