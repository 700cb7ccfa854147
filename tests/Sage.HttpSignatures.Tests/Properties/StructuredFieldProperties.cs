using FsCheck;
using FsCheck.Fluent;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests.Properties;

[TestFixture]
internal sealed class StructuredFieldProperties
{
    private static readonly StructuredFieldType[] Types = Enum.GetValues<StructuredFieldType>();

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 500)]
    public void What_is_written_reads_as_it_was(FieldModel model)
    {
        Assert.That(model.TryWrite(out string? text));
        Assert.That(StructuredField.TryParse(model.Type, text!, StructuredFieldLimits.Standard, out StructuredField? field), text);
        Assert.That(FieldModel.From(field!).Describe(), Is.EqualTo(model.Describe()));
        Assert.That(field!.Serialize(), Is.EqualTo(text));
        Assert.That(field.HasDuplicateKeys || field.HasDuplicateParameters, Is.False);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 500)]
    public void The_received_texts_of_the_members_are_the_field(FieldModel model)
    {
        model.TryWrite(out string? text);
        Assert.That(StructuredField.TryParse(model.Type, text!, StructuredFieldLimits.Standard, out StructuredField? field));
        IEnumerable<string> members = Enumerable.Range(0, field!.Count).Select(i => field[i]).Select(member => member.Key.ToString()
            + (member.Key.Length > 0 && member.ReceivedText.Length > 0 && member.ReceivedText[0] != ';' ? "=" : string.Empty) + member.ReceivedText.ToString());

        Assert.That(string.Join(", ", members), Is.EqualTo(text));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Arbitrary_text_never_throws(string? text) => Never(text ?? string.Empty);

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 2000)]
    public void Text_that_is_nearly_a_field_reads_the_same_twice_or_is_refused(NearlyField nearly) => Never(nearly.Text);

    private static void Never(string text)
    {
        foreach (StructuredFieldType type in Types)
        {
            if (!StructuredField.TryParse(type, text, out StructuredField? field))
            {
                continue;
            }

            string canonical = field.Serialize();
            Assert.That(StructuredField.TryParse(type, canonical, out StructuredField? again), canonical);
            Assert.That(FieldModel.From(again!).Describe(), Is.EqualTo(FieldModel.From(field).Describe()));
            Assert.That(again!.Serialize(), Is.EqualTo(canonical));
        }
    }

    internal sealed record NearlyField(string Text);

    /// <summary>Whole fields of every kind of value, and text made of the pieces of fields.</summary>
    private static class Generators
    {
        private static readonly string[] Pieces =
            ["a", "b", "a=", "(", ")", " ", ", ", ",", ";", "\t", "=", "1", "-", "0.5", ".", "@", "?1", "?0", "\"", "\"x\"", "\\", "%\"", "%c3%bc", ":", "YQ==", "*", "A", "\u00fc", "\0", "999999999999999"];

        private static readonly Gen<string> Keys =
            from first in Gen.Elements("abcxyz*".ToCharArray())
            from rest in Gen.Elements("az09_-.*".ToCharArray()).ArrayOf()
            select first + new string(rest)[..Math.Min(rest.Length, 63)];

        private static readonly Gen<object> Bare = Gen.OneOf(
            Long().Select(static number => (object)number),
            Long().Select(static thousandths => (object)(thousandths / 1000m)),
            Gen.Choose(' ', '~').Select(static c => (char)c).ArrayOf().Select(static text => (object)new string(text)),
            (from first in Gen.Elements("aZ*".ToCharArray())
             from rest in Gen.Elements("aZ09!#$%&'*+-.^_`|~:/".ToCharArray()).ArrayOf()
             select (object)new Token(first + new string(rest))),
            ArbMap.Default.GeneratorFor<byte[]>().Select(static bytes => (object)(bytes ?? [])),
            Gen.Elements<object>(true, false),
            Long().Select(static number => (object)new Seconds(number)),
            Gen.Elements("a", "%", "\"", "\u00fc", "\0", "\ud83d\ude00", "\u20ac", "\u007f").ArrayOf().Select(static parts => (object)new Display(string.Concat(parts))));

        private static readonly Gen<Parameter[]> Parameters =
            from keys in Keys.ArrayOf()
            from values in Bare.ArrayOf(keys.Length)
            select keys.Zip(values, static (key, value) => new Parameter(key, value)).DistinctBy(static parameter => parameter.Key).Take(32).ToArray();

        private static readonly Gen<Member> Item =
            from value in Bare
            from parameters in Parameters
            select new Member(string.Empty, value, parameters);

        private static readonly Gen<Member> InnerList =
            from items in Item.ArrayOf()
            from parameters in Parameters
            select new Member(string.Empty, items, parameters);

        public static Arbitrary<FieldModel> Fields() => Arb.From(Gen.OneOf(
            Item.Select(static item => new FieldModel(StructuredFieldType.Item, [item])),
            Gen.OneOf(Item, InnerList).ArrayOf().Select(static members => new FieldModel(StructuredFieldType.List, members)),
            from keys in Keys.ArrayOf()
            from members in Gen.OneOf(Item, InnerList).ArrayOf(keys.Length)
            select new FieldModel(StructuredFieldType.Dictionary, keys.Zip(members, static (key, member) => member with { Key = key }).DistinctBy(static member => member.Key).ToArray()))
            .Resize(12));

        public static Arbitrary<NearlyField> Nearly() => Arb.From(Gen.Elements(Pieces).ArrayOf().Resize(16).Select(static pieces => new NearlyField(string.Concat(pieces))));

        private static Gen<long> Long() => Gen.OneOf(
            Gen.Choose(-2000, 2000).Select(static number => (long)number),
            from high in Gen.Choose(-999_999_999, 999_999_999)
            from low in Gen.Choose(0, 999_999)
            select (high * 1_000_000L) + low,
            Gen.Elements(StructuredNumber.Max, -StructuredNumber.Max));
    }
}
