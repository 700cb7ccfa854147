using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Json;

[TestFixture]
public sealed class JsonCanonicalizerTests
{
    [Test]
    public void The_sample_of_RFC_8785_has_the_published_bytes()
    {
        // §3.2.2 and §3.2.4.
        byte[] canonical = JsonCanonicalizer.Canonicalize("""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """u8);
        Assert.That(Convert.ToHexStringLower(canonical), Is.EqualTo(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b3330"
            + "2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"));
    }

    [Test]
    public void Members_are_sorted_by_UTF16_code_units()
    {
        // RFC 8785 §3.2.3: the smiley (a surrogate pair) comes before U+FB33, unlike in UTF-8 or code point order.
        string canonical = Canonical("""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);
        using JsonDocument document = JsonDocument.Parse(canonical);
        Assert.That(document.RootElement.EnumerateObject().Select(static member => member.Value.GetString()), Is.EqualTo((string[])
        [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ]));
    }

    [TestCase("{\"b\":1,\"a\":2,\"\":3,\"B\":4,\"aa\":5}", "{\"\":3,\"B\":4,\"a\":2,\"aa\":5,\"b\":1}")]
    [TestCase(" [ 1 , { \"z\" : { } , \"y\" : [ ] } ] ", "[1,{\"y\":[],\"z\":{}}]")]
    [TestCase("\"\\b\\f\\n\\r\\t\\\"\\\\\\/\"", "\"\\b\\f\\n\\r\\t\\\"\\\\/\"")]
    [TestCase("\"\\u0008\\u000C\\u0000\\u001F\\u007f\\u0080\\u2028\"", "\"\\b\\f\\u0000\\u001f\u007f\u0080\u2028\"")]
    [TestCase("\"\\u003c\\u00e9\\ud83d\\uDE02\"", "\"<é😂\"")]
    [TestCase("\"e\\u0301\"", "\"e\u0301\"", Description = "nothing is normalised")]
    [TestCase("true", "true")]
    [TestCase("[[-0,-0.0,0e5,-0e-9]]", "[[0,0,0,0]]")]
    [TestCase("[1.0,10e-1,100E-2,1e+0]", "[1,1,1,1]")]
    [TestCase("9007199254740993", "9007199254740992", Description = "a double, as ECMAScript reads it")]
    public void One_value_has_one_spelling(string json, string canonical)
    {
        Assert.That(Canonical(json), Is.EqualTo(canonical));
    }

    [TestCase("")]
    [TestCase("{\"a\":1,\"\\u0061\":1}")]
    [TestCase("\"\\ud800\"")]
    [TestCase("1e400")]
    [TestCase("[1],")]
    public void What_strict_JSON_refuses_is_refused(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        Assert.That(JsonCanonicalizer.TryCanonicalize(utf8, out byte[]? canonical), Is.False);
        Assert.That(canonical, Is.Null);
        Assert.That(() => JsonCanonicalizer.Canonicalize(utf8), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void The_size_is_limited()
    {
        byte[] json = Encoding.ASCII.GetBytes("[]" + new string(' ', JsonCanonicalizer.MaxInputSize - 2));
        Assert.That(JsonCanonicalizer.Canonicalize(json), Is.EqualTo("[]"u8.ToArray()));
        Assert.That(JsonCanonicalizer.TryCanonicalize([.. json, (byte)' '], out _), Is.False);
    }

    [Test]
    public void One_member_of_the_outermost_object_can_be_left_out()
    {
        Assert.That(StrictJson.TryParse("{\"proof\":1,\"a\":{\"proof\":2}}"u8.ToArray(), 100, out JsonDocument? document));
        using (document)
        {
            byte[] canonical = JsonCanonicalizer.Canonicalize(document!.RootElement, exceptMember: "proof");
            Assert.That(Encoding.UTF8.GetString(canonical), Is.EqualTo("{\"a\":{\"proof\":2}}"));
        }
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(json)));
}
