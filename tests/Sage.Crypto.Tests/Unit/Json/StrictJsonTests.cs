using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Json;

[TestFixture]
public sealed class StrictJsonTests
{
    [TestCase("null")]
    [TestCase(" \t\r\n{ \"a\" : [ 1 , true ] } \n")]
    [TestCase("\"\\ud83d\\ude02\"", Description = "an escaped pair")]
    [TestCase("\"😂\"", Description = "a raw pair")]
    [TestCase("{\"\\ud83d\\ude02\":1}")]
    [TestCase("{\"a\":1,\"A\":2,\"\":3}", Description = "names differ in case")]
    [TestCase("{\"a\":{\"a\":{\"a\":1}}}", Description = "the same name at different levels")]
    [TestCase("[{\"a\":1},{\"a\":1}]", Description = "the same name in different objects")]
    [TestCase("[1.7976931348623157e308,-1.7976931348623157e308,5e-324,1e-400]")]
    [TestCase("123456789012345678901234567890.12345678901234567890e-5")]
    public void Strict_JSON_is_read(string json)
    {
        Assert.That(Parses(Encoding.UTF8.GetBytes(json)));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("{\"a\":1,\"a\":1}", TestName = "Refused: a duplicate")]
    [TestCase("{\"a\":1,\"\\u0061\":1}", TestName = "Refused: a duplicate under an escape")]
    [TestCase("{\"\\u00e9\":1,\"é\":1}", TestName = "Refused: a duplicate outside ASCII")]
    [TestCase("{\"\":1,\"\":1}", TestName = "Refused: two empty names")]
    [TestCase("[0,{\"x\":{\"b\":1,\"c\":2,\"b\":1}}]", TestName = "Refused: a duplicate deep down")]
    [TestCase("\"\\ud800\"", TestName = "Refused: a lone high surrogate")]
    [TestCase("\"\\udc00\"", TestName = "Refused: a lone low surrogate")]
    [TestCase("\"\\ude02\\ud83d\"", TestName = "Refused: a pair the wrong way round")]
    [TestCase("\"\\ud83d\\ud83d\\ude02\"", TestName = "Refused: a high surrogate too many")]
    [TestCase("{\"\\ud800\":1}", TestName = "Refused: a lone surrogate in a name")]
    [TestCase("{\"a\":{\"b\\udc00\":1,\"c\":1}}", TestName = "Refused: a lone surrogate in a name deep down")]
    [TestCase("1e309", TestName = "Refused: more than a double holds")]
    [TestCase("[-1e309]", TestName = "Refused: less than a double holds")]
    [TestCase("1e99999999999", TestName = "Refused: an enormous exponent")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    [TestCase("[nan]")]
    [TestCase("+1")]
    [TestCase("01")]
    [TestCase("-")]
    [TestCase("1.")]
    [TestCase(".5")]
    [TestCase("0x10")]
    [TestCase("1e")]
    [TestCase("True")]
    [TestCase("nul")]
    [TestCase("'a'")]
    [TestCase("{a:1}")]
    [TestCase("{\"a\" 1}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("[1,]")]
    [TestCase("[1 2]")]
    [TestCase("[1] 2")]
    [TestCase("{}{}")]
    [TestCase("// c\n1")]
    [TestCase("/* c */1")]
    [TestCase("1//")]
    [TestCase("\"\t\"", TestName = "Refused: a raw tab in a text")]
    [TestCase("\"\\x41\"")]
    [TestCase("\"\\u12\"")]
    [TestCase("\"open")]
    [TestCase("[")]
    [TestCase("\uFEFF{}", TestName = "Refused: a byte order mark")]
    [TestCase("{}\0", TestName = "Refused: a trailing zero")]
    public void Anything_else_is_refused(string json)
    {
        Assert.That(Parses(Encoding.UTF8.GetBytes(json)), Is.False);
    }

    [TestCase("22ff22", Description = "a byte UTF-8 never has")]
    [TestCase("22c3", Description = "cut short")]
    [TestCase("22c322", Description = "half a character")]
    [TestCase("22c0af22", Description = "overlong")]
    [TestCase("22eda08022", Description = "a surrogate in three bytes")]
    [TestCase("22f490808022", Description = "above U+10FFFF")]
    [TestCase("7b22ff223a317d", Description = "in a name")]
    [TestCase("fffe5b005d00", Description = "UTF-16")]
    public void Invalid_UTF8_is_refused(string hex)
    {
        Assert.That(Parses(Convert.FromHexString(hex)), Is.False);
    }

    [Test]
    public void The_depth_is_limited()
    {
        Assert.That(Parses(Nested(StrictJson.MaxDepth)));
        Assert.That(Parses(Nested(StrictJson.MaxDepth + 1)), Is.False);
        Assert.That(Parses(Nested(100_000)), Is.False);

        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
    }

    [Test]
    public void The_size_is_limited()
    {
        byte[] json = "[1,2,3]"u8.ToArray();
        Assert.That(Parses(json, json.Length));
        Assert.That(Parses(json, json.Length - 1), Is.False);
    }

    [Test]
    public void Many_members_are_compared_in_less_than_quadratic_time()
    {
        // 100,000 names: comparing each with each would take minutes.
        string names = string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"\"n{i}\":0"));
        Assert.That(Parses(Encoding.UTF8.GetBytes("{" + names + "}"), int.MaxValue));
        Assert.That(Parses(Encoding.UTF8.GetBytes("{" + names + ",\"n99999\":0}"), int.MaxValue), Is.False);
    }

    private static bool Parses(byte[] json, int maxBytes = 1 << 20)
    {
        bool parsed = StrictJson.TryParse(json, maxBytes, out JsonDocument? document);
        Assert.That(document is not null, Is.EqualTo(parsed));
        document?.Dispose();
        return parsed;
    }
}
