using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Formats;

[TestFixture]
public sealed class StrictBase64Tests
{
    // RFC 4648 §10.
    [TestCase("", "")]
    [TestCase("Zg==", "66")]
    [TestCase("Zm8=", "666f")]
    [TestCase("Zm9v", "666f6f")]
    [TestCase("Zm9vYg==", "666f6f62")]
    [TestCase("Zm9vYmE=", "666f6f6261")]
    [TestCase("Zm9vYmFy", "666f6f626172")]
    [TestCase("+/+/", "fbffbf")]
    public void The_examples_decode_in_both_alphabets(string text, string hex)
    {
        Assert.That(StrictBase64.TryDecode(text, 16, out byte[]? padded));
        Assert.That(Convert.ToHexStringLower(padded!), Is.EqualTo(hex));

        string url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.That(StrictBase64.TryDecodeUrl(url, 16, out byte[]? unpadded));
        Assert.That(Convert.ToHexStringLower(unpadded!), Is.EqualTo(hex));
        Assert.That(StrictBase64.EncodeUrl(unpadded!), Is.EqualTo(url));
    }

    [TestCase("Zg")]
    [TestCase("Zg=")]
    [TestCase("Zg===")]
    [TestCase("Zh==", Description = "pad bits")]
    [TestCase("Zm9=", Description = "pad bits")]
    [TestCase("Zm9v=")]
    [TestCase("Zm9v====")]
    [TestCase("=")]
    [TestCase("====")]
    [TestCase("Z=g=")]
    [TestCase("Zg==Zg==")]
    [TestCase(" Zm9v")]
    [TestCase("Zm9v\n")]
    [TestCase("Zm 9v")]
    [TestCase("-_-_", Description = "the other alphabet")]
    [TestCase("Zm9\u0416")]
    [TestCase("Zm9\0")]
    public void Anything_but_the_one_spelling_is_refused(string text)
    {
        Assert.That(StrictBase64.TryDecode(text, 16, out byte[]? bytes), Is.False);
        Assert.That(bytes, Is.Null);
    }

    [TestCase("Zg==")]
    [TestCase("Zh", Description = "pad bits")]
    [TestCase("Zm9", Description = "pad bits")]
    [TestCase("Z")]
    [TestCase("Zm9vY")]
    [TestCase("+/+/", Description = "the other alphabet")]
    [TestCase("Zm9v ")]
    [TestCase("\nZm9v")]
    [TestCase("Zm9%")]
    public void Anything_but_the_one_URL_spelling_is_refused(string text)
    {
        Assert.That(StrictBase64.TryDecodeUrl(text, 16, out byte[]? bytes), Is.False);
        Assert.That(bytes, Is.Null);
    }

    [Test]
    public void The_decoded_size_is_limited()
    {
        Assert.That(StrictBase64.TryDecode("Zm9vYg==", 4, out _));
        Assert.That(StrictBase64.TryDecode("Zm9vYg==", 3, out _), Is.False);
        Assert.That(StrictBase64.TryDecodeUrl("Zm9vYg", 4, out _));
        Assert.That(StrictBase64.TryDecodeUrl("Zm9vYg", 3, out _), Is.False);
        Assert.That(StrictBase64.TryDecode("Zm9vYg==", new byte[3], out int written), Is.False);
        Assert.That(written, Is.Zero);
    }
}
