using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Formats;

[TestFixture]
public sealed class Base58Tests
{
    // Bitcoin Core's base58_encode_decode.json, and the examples of draft-msporny-base58.
    [TestCase("", "")]
    [TestCase("61", "2g")]
    [TestCase("626262", "a3gV")]
    [TestCase("636363", "aPEr")]
    [TestCase("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2")]
    [TestCase("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L")]
    [TestCase("516b6fcd0f", "ABnLTmg")]
    [TestCase("bf4f89001e670274dd", "3SEo3LWLoPntC")]
    [TestCase("572e4794", "3EFU7m")]
    [TestCase("ecac89cad93923c02321", "EJDM8drfXA6uyA")]
    [TestCase("10c8511e", "Rt5zm")]
    [TestCase("00000000000000000000", "1111111111")]
    [TestCase("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    [TestCase("0000287fb4cd", "11233QC4")]
    public void The_published_examples_hold_in_both_directions(string hex, string text)
    {
        Assert.That(Base58.Encode(Convert.FromHexString(hex)), Is.EqualTo(text));
        Assert.That(Base58.TryDecode(text, 64, out byte[]? bytes));
        Assert.That(Convert.ToHexStringLower(bytes!), Is.EqualTo(hex));
    }

    [TestCase("0")]
    [TestCase("O")]
    [TestCase("I")]
    [TestCase("l")]
    [TestCase(" 2g")]
    [TestCase("2g ")]
    [TestCase("2\u04330")]
    [TestCase("2\0")]
    public void Characters_outside_the_alphabet_are_refused(string text)
    {
        Assert.That(Base58.TryDecode(text, 64, out byte[]? bytes), Is.False);
        Assert.That(bytes, Is.Null);
    }

    [TestCase("ff")]
    [TestCase("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [TestCase("00000000")]
    [TestCase("00ff00ff")]
    public void The_decoded_size_is_limited(string hex)
    {
        string text = Base58.Encode(Convert.FromHexString(hex));
        Assert.That(Base58.TryDecode(text, hex.Length / 2, out _));
        Assert.That(Base58.TryDecode(text, (hex.Length / 2) - 1, out _), Is.False);
    }

    [Test]
    public void A_long_text_is_refused_before_any_work_is_done()
    {
        string text = new('z', 10_000_000);
        Assert.That(Base58.TryDecode(text, 64, out _), Is.False);
    }
}
