using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests.Unit.StructuredFields;

[TestFixture]
internal sealed class StructuredFieldTests
{
    private const string SignatureInput =
        "sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-digest\";req);created=1618884473;expires=1618884533"
        + ";keyid=\"did:sage:ethereum:0x3333333333333333333333333333333333333333#key-1\";nonce=\"MDEyMzQ1Njc4OWFiY2RlZg\";alg=\"ed25519\"";

    [Test]
    public void The_examples_of_the_RFC_read()
    {
        StructuredField dictionary = Read(StructuredFieldType.Dictionary, "rating=1.5, feelings=(joy sadness), a=?0, b, c;foo=bar");

        Assert.That(dictionary.Count, Is.EqualTo(5));
        Assert.That(dictionary.TryGetMember("rating", out StructuredValue rating) && rating.TryGetDecimal(out StructuredDecimal number) && number.ToDecimal() == 1.5m);
        Assert.That(dictionary.TryGetMember("feelings", out StructuredValue feelings) && feelings.Items.Count == 2);
        Assert.That(dictionary.TryGetMember("a", out StructuredValue no) && no.TryGetBoolean(out bool denied) && !denied);
        Assert.That(dictionary.TryGetMember("c", out StructuredValue yes) && yes.TryGetBoolean(out bool implied) && implied);
        Assert.That(yes.TryGetParameter("foo", out StructuredValue foo) && foo.TryGetToken(out string? bar) && bar == "bar");
        Assert.That(dictionary.TryGetMember("d", out _), Is.False);

        Assert.That(Read(StructuredFieldType.Item, "@1659578233")[0].TryGetDate(out long seconds) && seconds == 1659578233);
        Assert.That(Read(StructuredFieldType.Item, "%\"This is intended for display to %c3%bcsers.\"")[0].TryGetDisplayString(out string? shown));
        Assert.That(shown, Is.EqualTo("This is intended for display to üsers."));
        Assert.That(Read(StructuredFieldType.Item, ":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:")[0].TryGetBytes(out byte[]? bytes));
        Assert.That(bytes, Is.EqualTo("pretend this is binary content."u8.ToArray()));
    }

    [TestCase("(\"foo\"; a=1;b=2);lvl=5, (\"bar\" \"baz\");lvl=1", "(\"foo\";a=1;b=2);lvl=5, (\"bar\" \"baz\");lvl=1")]
    [TestCase("  abc;a=1;b=2; cde_456 ,\t(ghi;jk=4 l);q=\"9\";r=w  ", "abc;a=1;b=2;cde_456, (ghi;jk=4 l);q=\"9\";r=w")]
    [TestCase("007, -0, 1.10, -0.0, ?1;x=?1, @-00", "7, 0, 1.1, 0.0, ?1;x, @0")]
    [TestCase("( a   b )", "(a b)")]
    [TestCase("", "")]
    public void A_list_is_written_in_canonical_form(string text, string canonical) =>
        Assert.That(Read(StructuredFieldType.List, text).Serialize(), Is.EqualTo(canonical));

    [Test]
    public void A_member_keeps_the_text_it_was_received_as()
    {
        const string First = "(\"@method\"  \"x\\\"y\" );created=007; alg=\"ed25519\"; last";
        StructuredField field = Read(StructuredFieldType.Dictionary, $" sig1={First} ,\tsig2=(),sig3;x=1.0, sig4");

        Assert.That(field[0].ReceivedText.ToString(), Is.EqualTo(First));
        Assert.That(field.Text[field[0].ReceivedRange], Is.EqualTo(First));
        Assert.That(field[0].ReceivedRange.Start.Value, Is.EqualTo(" sig1=".Length));
        Assert.That(field[1].ReceivedText.ToString(), Is.EqualTo("()"));
        Assert.That(field[2].ReceivedText.ToString(), Is.EqualTo(";x=1.0"));
        Assert.That(field[3].ReceivedText.ToString(), Is.Empty);
    }

    [Test]
    public void Lines_are_one_field()
    {
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, ["a=1", "b=(x", "y)"], StructuredFieldLimits.Default, out _), Is.False, "the comma between lines is a comma");
        Assert.That(StructuredField.TryParse(StructuredFieldType.Dictionary, ["a=1", "b=(x y)"], StructuredFieldLimits.Default, out StructuredField? field));
        Assert.That(field!.Text, Is.EqualTo("a=1, b=(x y)"));
        Assert.That(field[1].ReceivedText.ToString(), Is.EqualTo("(x y)"));
        Assert.That(StructuredField.TryParse(StructuredFieldType.List, [], StructuredFieldLimits.Default, out StructuredField? none) && none.Count == 0);
        Assert.That(StructuredField.TryParse(StructuredFieldType.Item, [], StructuredFieldLimits.Default, out _), Is.False);
        Assert.That(StructuredField.TryParse(StructuredFieldType.List, ["1", null], StructuredFieldLimits.Default, out _), Is.False);
    }

    [Test]
    public void A_later_value_takes_the_place_of_an_earlier_one_and_is_told_of()
    {
        StructuredField members = Read(StructuredFieldType.Dictionary, "a=(1 2);x, b=2, a=3;y=4");
        StructuredField parameters = Read(StructuredFieldType.List, "t;b=1;c=2;b=3;b");

        Assert.That(members.Serialize(), Is.EqualTo("a=3;y=4, b=2"));
        Assert.That(members[0].ReceivedText.ToString(), Is.EqualTo("3;y=4"));
        Assert.That((members.HasDuplicateKeys, members.HasDuplicateParameters), Is.EqualTo((true, false)));
        Assert.That(parameters.Serialize(), Is.EqualTo("t;b;c=2"));
        Assert.That(parameters[0].ReceivedText.ToString(), Is.EqualTo("t;b=1;c=2;b=3;b"));
        Assert.That((parameters.HasDuplicateKeys, parameters.HasDuplicateParameters), Is.EqualTo((false, true)));
        StructuredField apart = Read(StructuredFieldType.Dictionary, "a=(1;x 2;x);x, b;x");
        Assert.That((apart.HasDuplicateKeys, apart.HasDuplicateParameters), Is.EqualTo((false, false)));
    }

    [TestCase("1;a,")]
    [TestCase(",1")]
    [TestCase("1,,2")]
    [TestCase("1 2")]
    [TestCase("(1")]
    [TestCase("(1\t2)")]
    [TestCase("((1))")]
    [TestCase("(1,2)")]
    [TestCase("(\"a\"\"b\")")]
    [TestCase("a;B=1")]
    [TestCase("a; =1")]
    [TestCase("a;\tb")]
    [TestCase("a ;b")]
    [TestCase("a;b= 1")]
    [TestCase("a;b=(1)")]
    [TestCase("1.")]
    [TestCase(".5")]
    [TestCase("-")]
    [TestCase("-a")]
    [TestCase("+1")]
    [TestCase("1.2345")]
    [TestCase("1234567890123.1")]
    [TestCase("1234567890123456")]
    [TestCase("@1.0")]
    [TestCase("\"a")]
    [TestCase("\"\\")]
    [TestCase("\"\\n\"")]
    [TestCase("\"\u00fc\"")]
    [TestCase("%\"%C3%BC\"")]
    [TestCase("%\"%c3\"")]
    [TestCase("%\"%c\"")]
    [TestCase("%\"%%%\"")]
    [TestCase("%\"%ed%a0%80\"")]
    [TestCase("%a")]
    [TestCase(":a:")]
    [TestCase(":====:")]
    [TestCase(":YQ=:")]
    [TestCase(":YR==:")]
    [TestCase(":YWI:")]
    [TestCase(":Y W I=:")]
    [TestCase("?2")]
    [TestCase("?")]
    [TestCase("\u0661")]
    [TestCase("\ta")]
    [TestCase("a\0")]
    [TestCase("a\r\n b")]
    public void Text_outside_the_grammar_is_refused(string text)
    {
        Assert.That(StructuredField.TryParse(StructuredFieldType.List, text, out StructuredField? field), Is.False);
        Assert.That(field, Is.Null);
    }

    [Test]
    public void A_string_is_compared_without_its_escapes()
    {
        StructuredValue value = Read(StructuredFieldType.Item, "\"a\\\"b\\\\\"")[0];

        Assert.That(value.TryGetString(out string? text) && text == "a\"b\\");
        Assert.That(value.IsString("a\"b\\"));
        Assert.That(value.IsString("a\"b"), Is.False);
        Assert.That(value.IsString("a\"b\\x"), Is.False);
        Assert.That(value.IsString("a\\\"b\\\\"), Is.False);
        Assert.That(Read(StructuredFieldType.Item, "abc")[0].IsString("abc"), Is.False, "a token is not a string");
    }

    [Test]
    public void Bytes_are_decoded_only_into_enough_room()
    {
        StructuredValue value = Read(StructuredFieldType.Item, ":AQIDBA==:")[0];
        Span<byte> room = stackalloc byte[4];

        Assert.That(value.TryGetBytes(room, out int written) && written == 4 && room[3] == 4);
        Assert.That(value.TryGetBytes(room[..3], out _), Is.False);
        Assert.That(Read(StructuredFieldType.Item, "AQIDBA")[0].TryGetBytes(room, out _), Is.False);
    }

    [Test]
    public void Reading_a_typical_signature_input_allocates_only_its_nodes()
    {
        const int Rounds = 1000;
        _ = Read(StructuredFieldType.Dictionary, SignatureInput);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            StructuredField.TryParse(StructuredFieldType.Dictionary, SignatureInput, out _);
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        TestContext.Out.WriteLine($"{each} bytes a parse");

        // One object, eleven nodes of 28 bytes and one index.
        Assert.That(each, Is.LessThanOrEqualTo(432));
    }

    private static StructuredField Read(StructuredFieldType type, string text)
    {
        Assert.That(StructuredField.TryParse(type, text, out StructuredField? field), text);
        return field!;
    }
}
