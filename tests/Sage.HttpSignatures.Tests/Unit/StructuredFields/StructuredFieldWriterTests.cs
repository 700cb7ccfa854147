using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests.Unit.StructuredFields;

[TestFixture]
internal sealed class StructuredFieldWriterTests
{
    [Test]
    public void A_nonce_cannot_break_out_of_its_quotes()
    {
        StructuredFieldWriter writer = new(stackalloc char[8]);
        writer.Member("sig1");
        writer.OpenInnerList();
        writer.String("@method");
        writer.Parameter("req");
        writer.Boolean(true);
        writer.String("date");
        writer.CloseInnerList();
        writer.Parameter("nonce");
        writer.String("a\";tag=\"admin");

        Assert.That(writer.TryComplete(out string? text));
        Assert.That(text, Is.EqualTo("sig1=(\"@method\";req \"date\");nonce=\"a\\\";tag=\\\"admin\""));
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, text!, out StructuredField? field));
        Assert.That(field![0].TryGetParameter("tag", out _), Is.False);
    }

    [TestCase("line\nbreak")]
    [TestCase("\u00fc")]
    [TestCase("\u007f")]
    public void A_string_that_is_not_printable_ASCII_is_not_written(string value)
    {
        StructuredFieldWriter writer = new(stackalloc char[64]);
        writer.Member();
        writer.String(value);

        Assert.That(writer.TryComplete(out string? text), Is.False);
        Assert.That(text, Is.Null);
    }

    [TestCase("")]
    [TestCase("A")]
    [TestCase("1")]
    [TestCase("a b")]
    [TestCase("a=")]
    [TestCase("\u00e4")]
    public void A_key_outside_the_grammar_is_not_written(string key)
    {
        StructuredFieldWriter writer = new(stackalloc char[64]);
        writer.Member(key);
        writer.Integer(1);

        Assert.That(writer.TryComplete(out _), Is.False);
    }

    [Test]
    public void A_display_string_with_a_lone_surrogate_is_not_written()
    {
        StructuredFieldWriter writer = new(stackalloc char[64]);
        writer.Member();
        writer.DisplayString("a\ud800b");

        Assert.That(writer.TryComplete(out _), Is.False);
    }

    [TestCase("0.0005", "0.0")]
    [TestCase("0.0015", "0.002")]
    [TestCase("-0.0025", "-0.002")]
    [TestCase("-0.0001", "0.0")]
    [TestCase("1", "1.0")]
    [TestCase("10.25", "10.25")]
    [TestCase("-1.005", "-1.005")]
    [TestCase("999999999999.9994", "999999999999.999")]
    [TestCase("999999999999.9995", null)]
    [TestCase("-1000000000000", null)]
    [TestCase("79228162514264337593543950335", null)]
    public void A_decimal_is_rounded_to_even_in_its_third_digit(string value, string? expected)
    {
        StructuredFieldWriter writer = new(stackalloc char[64]);
        writer.Member();
        writer.Decimal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        writer.TryComplete(out string? text);

        Assert.That(text, Is.EqualTo(expected));
    }

    [Test]
    public void Every_thousandth_is_kept()
    {
        foreach (long thousandths in new[] { 0, 1, -1, 10, 999, -1000, 1001, StructuredDecimal.MaxThousandths, -StructuredDecimal.MaxThousandths })
        {
            Assert.That(StructuredDecimal.TryCreate(thousandths, out StructuredDecimal value));
            StructuredFieldWriter writer = new(new char[64]);
            writer.Member();
            writer.Decimal(value);
            Assert.That(writer.TryComplete(out string? text) && StructuredField.TryParse(StructuredFieldType.Item, text, out StructuredField? field)
                && field[0].TryGetDecimal(out StructuredDecimal again) && again == value, $"{thousandths}");
        }

        Assert.That(StructuredDecimal.TryCreate(StructuredDecimal.MaxThousandths + 1, out _), Is.False);
    }

    [TestCase(999_999_999_999_999, true)]
    [TestCase(-999_999_999_999_999, true)]
    [TestCase(1_000_000_000_000_000, false)]
    [TestCase(long.MinValue, false)]
    public void An_integer_and_a_date_have_at_most_fifteen_digits(long value, bool fits)
    {
        StructuredFieldWriter writer = new(stackalloc char[64]);
        writer.Member();
        writer.Integer(value);
        StructuredFieldWriter date = new(stackalloc char[64]);
        date.Member();
        date.Date(value);

        Assert.That(writer.TryComplete(out _), Is.EqualTo(fits));
        Assert.That(date.TryComplete(out _), Is.EqualTo(fits));
    }
}
