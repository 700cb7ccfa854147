using System.Text;
using Sage.Hosting.Tests.Support;

namespace Sage.Hosting.Tests.Secrets;

/// <summary>Secrets in files.</summary>
[TestFixture]
internal sealed class FileSecretSourceTests
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [TestCase("Host=db", "Host=db")]
    [TestCase("Host=db\n", "Host=db")]
    [TestCase("Host=db\r\n", "Host=db")]
    [TestCase("Host=db\n\n", "Host=db\n")]
    [TestCase(" Host=db ", " Host=db ")]
    [TestCase("ü", "ü")]
    public async Task One_line_ending_does_not_count(string content, string secret)
    {
        string path = Identity.Write("secret", Encoding.UTF8.GetBytes(content));

        using SecretValue value = await new FileSecretSource().ReadAsync(path);

        Assert.That(value.Reveal(), Is.EqualTo(secret));
    }

    [Test]
    public async Task The_largest_secret_is_read_with_the_line_ending_behind_it()
    {
        string path = Identity.Write("secret", [.. Enumerable.Repeat((byte)'a', SecretValue.MaxSize), (byte)'\r', (byte)'\n']);

        using SecretValue value = await new FileSecretSource().ReadAsync(path);

        Assert.That(value.Length, Is.EqualTo(SecretValue.MaxSize));
    }

    [TestCase(0)]
    [TestCase(SecretValue.MaxSize + 1)]
    [TestCase(10 * SecretValue.MaxSize)]
    public void What_is_empty_or_too_large_is_refused(int size)
    {
        string path = Identity.Write("secret", new byte[size]);

        Refused.By(new FileSecretSource(), path, SecretError.InvalidSecret);
    }

    [Test]
    public void A_file_that_is_not_there_is_named() =>
        Assert.That(Refused.By(new FileSecretSource(), Identity.PathOf("absent"), SecretError.NotFound).Message, Does.Contain("absent"));

    [Test]
    public void A_folder_is_no_secret() =>
        Refused.By(new FileSecretSource(), Identity.Folder, SecretError.Denied);

    [Test]
    public void A_file_that_anybody_can_change_is_refused()
    {
        string path = Identity.Write("secret", "Host=db"u8, Mine | UnixFileMode.OtherWrite);

        Refused.By(new FileSecretSource(), path, SecretError.Unprotected);
    }

    [TestCase(Mine, 0)]
    [TestCase(Mine | UnixFileMode.GroupRead, 0)]
    [TestCase(Mine | UnixFileMode.OtherRead, 1)]
    public async Task A_file_that_anybody_can_read_is_told_of(UnixFileMode mode, int warnings)
    {
        List<string> told = [];
        string path = Identity.Write("secret", "Host=db"u8, mode);

        using SecretValue value = await new FileSecretSource(told.Add).ReadAsync(path);

        Assert.That(told, Is.EqualTo(Enumerable.Repeat(path, warnings)));
    }
}
