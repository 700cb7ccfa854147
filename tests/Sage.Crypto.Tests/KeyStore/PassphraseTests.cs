using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.KeyStore;

[TestFixture]
internal sealed class PassphraseTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("secret", "secret")]
    [TestCase("secret\n", "secret")]
    [TestCase("secret\r\n", "secret")]
    [TestCase("secret\n\n", "secret\n")]
    [TestCase(" se cret \r", " se cret \r")]
    [TestCase("pässword\n", "pässword")]
    public void A_file_gives_its_bytes_without_one_line_ending(string content, string expected)
    {
        using Passphrase passphrase = Passphrase.FromFile(Write(Encoding.UTF8.GetBytes(content)));

        Assert.That(Encoding.UTF8.GetString(passphrase.Memory.Span), Is.EqualTo(expected));
    }

    [Test]
    public void A_file_of_the_greatest_size_is_read()
    {
        using Passphrase passphrase = Passphrase.FromFile(Write(new byte[Passphrase.MaximumSize]));

        Assert.That(passphrase.Memory.Length, Is.EqualTo(Passphrase.MaximumSize));
    }

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("\r\n")]
    public void An_empty_file_is_refused(string content) =>
        Assert.That(() => Passphrase.FromFile(Write(Encoding.UTF8.GetBytes(content))), Throws.InvalidOperationException.With.Message.Contains("empty"));

    [Test]
    public void A_file_too_large_is_refused() =>
        Assert.That(() => Passphrase.FromFile(Write(new byte[Passphrase.MaximumSize + 1])), Throws.InvalidOperationException);

    [Test]
    public void A_missing_file_is_an_io_error() =>
        Assert.That(() => Passphrase.FromFile(folder.File("none")), Throws.InstanceOf<IOException>());

    [Test]
    public void A_variable_of_the_environment_of_the_process_is_read()
    {
        using Passphrase passphrase = Passphrase.FromVariable("PATH");

        Assert.That(Encoding.UTF8.GetString(passphrase.Memory.Span), Is.EqualTo(Environment.GetEnvironmentVariable("PATH")));
    }

    [Test]
    public void A_variable_the_program_set_itself_is_read()
    {
        string name = "SAGE_TEST_" + RandomText.Uuid();
        Environment.SetEnvironmentVariable(name, "pässword\n");

        using Passphrase passphrase = Passphrase.FromVariable(name);

        Assert.That(Encoding.UTF8.GetString(passphrase.Memory.Span), Is.EqualTo("pässword\n"));
    }

    [Test]
    public void A_missing_variable_is_refused_by_name() => Assert.That(
        () => Passphrase.FromVariable("SAGE_TEST_MISSING"), Throws.InvalidOperationException.With.Message.Contains("'SAGE_TEST_MISSING'"));

    [Test]
    public void A_disposed_passphrase_is_zero_and_its_text_never_shows_it()
    {
        Passphrase passphrase = Passphrase.FromFile(Write("secret"u8.ToArray()));
        ReadOnlyMemory<byte> memory = passphrase.Memory;
        Assert.That(passphrase.ToString(), Does.Not.Contain("secret"));

        passphrase.Dispose();

        Assert.That(memory.ToArray(), Is.All.Zero);
    }

    private string Write(byte[] content)
    {
        string path = folder.File("passphrase");
        File.WriteAllBytes(path, content);
        return path;
    }
}
