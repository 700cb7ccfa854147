using System.Text;
using System.Text.RegularExpressions;

namespace Sage.Cli.Tests;

/// <summary>A folder with keys and captured messages.</summary>
internal abstract class HttpFixture
{
    public const string Request = "POST /orders?x=1 HTTP/1.1\r\nHost: API.example\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    public const string Response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nworld";

    /// <summary>When the captured messages are signed.</summary>
    public const string SignedAt = "1700000000";

    protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        Folder = new TemporaryFolder();
        foreach (string algorithm in new[] { "ed25519", "secp256k1", "p256", "x25519" })
        {
            CliResult made = await Command.RunAsync("keys", "generate", "--algorithm", algorithm, "--out", Folder[algorithm]);
            Assert.That(made.ExitCode, Is.Zero, made.Error);
        }
    }

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();

    protected string Write(string name, string text)
    {
        File.WriteAllBytes(Folder[name], Encoding.Latin1.GetBytes(text));
        return Folder[name];
    }

    /// <summary>Signs a text under the keyid <c>me</c>.</summary>
    protected async Task<string> SignAsync(string text, params string[] more)
    {
        string key = more.Contains("--key") ? "" : Folder["ed25519"];
        CliResult signed = await Command.RunAsync(
            Encoding.Latin1.GetBytes(text),
            ["http", "sign", .. more.Contains("--keyid") ? Array.Empty<string>() : ["--keyid", "me"], .. more.Contains("--created") ? Array.Empty<string>() : ["--created", SignedAt], .. key.Length == 0 ? Array.Empty<string>() : ["--key", key], .. more]);
        Assert.That(signed.ExitCode, Is.Zero, signed.Error);
        return Encoding.Latin1.GetString(signed.Output);
    }

    protected Task<CliResult> VerifyAsync(string text, params string[] more) => RunAsync("verify", text, more);

    protected Task<CliResult> ExplainAsync(string text, params string[] more) => RunAsync("explain", text, more);

    /// <summary>Changes what stands for a pattern, which must be there.</summary>
    protected static string Change(string text, string pattern, string replacement)
    {
        Assert.That(text, Does.Match(pattern));
        return Regex.Replace(text, pattern, replacement);
    }

    private Task<CliResult> RunAsync(string verb, string text, string[] more) => Command.RunAsync(
        Encoding.Latin1.GetBytes(text),
        ["http", verb, .. more.Contains("--at") ? Array.Empty<string>() : ["--at", SignedAt], .. more.Contains("--key") ? Array.Empty<string>() : ["--key", "me=" + Folder["ed25519"]], .. more]);
}
