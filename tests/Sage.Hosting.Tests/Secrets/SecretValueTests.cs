namespace Sage.Hosting.Tests.Secrets;

/// <summary>What holds a secret.</summary>
[TestFixture]
internal sealed class SecretValueTests
{
    [Test]
    public void A_secret_has_no_text_of_its_own()
    {
        using SecretValue value = new("hunter2"u8);

        Assert.That($"{value}", Does.Not.Contain("hunter2"));
    }

    [Test]
    public void A_secret_is_gone_when_it_is_disposed()
    {
        SecretValue value = new("hunter2"u8);
        value.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(value.Reveal, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => value.CopyTo(new byte[7]), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => value.Length, Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void A_secret_is_a_copy()
    {
        byte[] source = "hunter2"u8.ToArray();
        using SecretValue value = new(source);
        source.AsSpan().Clear();
        byte[] copied = new byte[value.Length];
        value.CopyTo(copied);

        Assert.That(copied, Is.EqualTo("hunter2"u8.ToArray()));
    }

    [Test]
    public void Bytes_that_are_no_text_are_not_revealed_as_text()
    {
        using SecretValue value = new([0xFF, 0xFE]);

        Assert.That(value.Reveal, Throws.InstanceOf<System.Text.DecoderFallbackException>());
    }

    [TestCase(0)]
    [TestCase(SecretValue.MaxSize + 1)]
    public void A_secret_has_a_size(int size) => Assert.That(() => new SecretValue(new byte[size]), Throws.ArgumentException);

    [TestCase("file:/run/secrets/pg", "file", "/run/secrets/pg")]
    [TestCase("env:PG", "env", "PG")]
    [TestCase("vault:secret/data/sage#pg", "vault", "secret/data/sage#pg")]
    public void A_reference_is_read(string text, string scheme, string path) =>
        Assert.That(SecretReference.TryParse(text, out SecretReference? reference) ? reference : null, Is.EqualTo(new SecretReference(scheme, path)));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Host=db;Password=a:b")]
    [TestCase(":x")]
    [TestCase("file:")]
    [TestCase("File:/x")]
    [TestCase("a b:c")]
    public void Anything_else_is_no_reference(string? text) => Assert.That(SecretReference.TryParse(text, out _), Is.False);
}
