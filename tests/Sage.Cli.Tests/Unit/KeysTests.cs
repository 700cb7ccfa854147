using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Sage.Crypto;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class KeysTests
{
    private static readonly string[] Algorithms = [.. KeysGenerateCommand.Algorithms.Select(algorithm => algorithm.Name)];
    private static readonly string[] SigningAlgorithms = [.. KeysGenerateCommand.Algorithms.Where(algorithm => algorithm.CanSign).Select(algorithm => algorithm.Name)];

    private readonly Dictionary<string, byte[]> generated = [];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_key_of_every_kind_and_format_is_written_and_shown([ValueSource(nameof(Algorithms))] string algorithm, [Values("pem", "jwk")] string format)
    {
        CliResult made = await Command.RunAsync("keys", "generate", "--algorithm", algorithm, "--out", folder["key"], "--format", format, "--json");
        CliResult shown = await Command.RunAsync("keys", "show", folder["key"], "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.ExitCode, Is.Zero, made.Error);
            Assert.That(shown.Text, Is.EqualTo(made.Text));
            Assert.That(shown.Json.GetProperty("algorithm").GetString(), Is.EqualTo(algorithm));
            Assert.That(shown.Json.GetProperty("private").GetBoolean(), Is.True);
            Assert.That(shown.Json.TryGetProperty("address", out _), Is.EqualTo(algorithm == "secp256k1"));
        }
    }

    [Test]
    public async Task The_description_is_that_of_the_key()
    {
        await Command.RunAsync("keys", "generate", "--algorithm", "secp256k1", "--out", folder["key"]);
        using PrivateKey key = Pem.ImportPrivateKey(await File.ReadAllBytesAsync(folder["key"]));

        CliResult shown = await Command.RunAsync("keys", "show", folder["key"]);

        Assert.That(shown.Lines, Is.EqualTo(new[]
        {
            "algorithm   secp256k1 (private key)",
            "public key  " + Convert.ToHexStringLower(key.PublicKey.Bytes),
            "key id      " + key.PublicKey.KeyId,
            "thumbprint  " + key.PublicKey.Thumbprint,
            "address     " + key.PublicKey.GetEthereumAddress(),
        }));
    }

    [Test]
    [Platform("Unix")]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_can_read_a_generated_key([Values] bool replaces)
    {
        if (replaces)
        {
            await File.WriteAllTextAsync(folder["key"], "readable by all");
            File.SetUnixFileMode(folder["key"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["key"], "--force");

        Assert.That(File.GetUnixFileMode(folder["key"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task An_existing_file_is_replaced_only_by_force()
    {
        await File.WriteAllTextAsync(folder["key"], "precious");

        Command.AssertFails(await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["key"]), 1, "--force");
        Assert.That(await File.ReadAllTextAsync(folder["key"]), Is.EqualTo("precious"));

        CliResult forced = await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["key"], "--force");
        Assert.That(forced.ExitCode, Is.Zero);
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1), "nothing temporary stays");
    }

    [Test]
    public async Task No_output_shows_the_private_key([ValueSource(nameof(Algorithms))] string algorithm)
    {
        CliResult made = await Command.RunAsync("keys", "generate", "--algorithm", algorithm, "--out", folder["key"], "--format", "jwk");
        CliResult shown = await Command.RunAsync("keys", "show", folder["key"], "--format", "jwk");
        using JsonDocument file = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["key"]));
        string secret = file.RootElement.GetProperty("d").GetString()!;

        Assert.That(made.Text + shown.Text, Does.Not.Contain(secret));
    }

    [Test]
    public async Task The_public_key_can_be_given_away_and_verifies([ValueSource(nameof(SigningAlgorithms))] string algorithm, [Values("pem", "jwk")] string format)
    {
        byte[] message = Encoding.UTF8.GetBytes("a letter");
        await PutKeyAsync(algorithm);
        await File.WriteAllBytesAsync(folder["public"], (await Command.RunAsync("keys", "show", folder["key"], "--format", format)).Output);

        CliResult signed = await Command.RunAsync(message, "keys", "sign", "--key", folder["key"]);
        CliResult verified = await Command.RunAsync(message, "keys", "verify", "--key", folder["public"], "--signature", signed.Text.Trim());
        CliResult publicShown = await Command.RunAsync("keys", "show", folder["public"], "--json");
        CliResult cannotSign = await Command.RunAsync(message, "keys", "sign", "--key", folder["public"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.Text, Is.EqualTo("valid\n"), verified.Error);
            Assert.That(publicShown.Json.GetProperty("private").GetBoolean(), Is.False);
        }

        Command.AssertFails(cannotSign, 1, "public key");
    }

    [Test]
    public async Task A_signature_is_read_as_hex_as_a_raw_file_and_as_a_hex_file()
    {
        byte[] message = Encoding.UTF8.GetBytes("a letter");
        await File.WriteAllBytesAsync(folder["letter"], message);
        await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["key"]);
        CliResult raw = await Command.RunAsync("keys", "sign", "--key", folder["key"], "--in", folder["letter"], "--out", folder["raw"], "--json");
        string hex = raw.Json.GetProperty("signature").GetString()!;
        await File.WriteAllTextAsync(folder["hex"], hex + "\n");

        Assert.That(Convert.ToHexStringLower(await File.ReadAllBytesAsync(folder["raw"])), Is.EqualTo(hex));
        foreach (string signature in new[] { hex, folder["raw"], folder["hex"] })
        {
            CliResult verified = await Command.RunAsync("keys", "verify", "--key", folder["key"], "--signature", signature, "--in", folder["letter"], "--json");
            Assert.That(verified.Json.GetProperty("valid").GetBoolean(), Is.True, signature);
        }
    }

    [Test]
    public async Task A_bad_signature_is_refused_with_exit_code_1([ValueSource(nameof(SigningAlgorithms))] string algorithm)
    {
        await PutKeyAsync(algorithm);
        CliResult signed = await Command.RunAsync("one"u8.ToArray(), "keys", "sign", "--key", folder["key"]);

        CliResult other = await Command.RunAsync("two"u8.ToArray(), "keys", "verify", "--key", folder["key"], "--signature", signed.Text.Trim(), "--json");
        Command.AssertFails(other, 1, "not valid");
        Assert.That(other.Json.GetProperty("valid").GetBoolean(), Is.False);
        Command.AssertFails(await Command.RunAsync("one"u8.ToArray(), "keys", "verify", "--key", folder["key"], "--signature", "00"), 1, "not valid");
    }

    [TestCase("SAGE-PoP:did:sage:ethereum:0x01:00")]
    [TestCase("SAGE-Registry:v1\n{}")]
    [TestCase("\"@method\": POST\n\"@signature-params\": (\"@method\")")]
    [TestCase("0123456789abcdef0123456789abcdef")]
    public async Task Bytes_of_the_protocol_are_not_signed(string message)
    {
        await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["key"]);

        CliResult result = await Command.RunAsync(Encoding.UTF8.GetBytes(message), "keys", "sign", "--key", folder["key"]);

        Command.AssertFails(result, 1, "protocol");
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public async Task A_key_that_cannot_sign_says_so()
    {
        await Command.RunAsync("keys", "generate", "--algorithm", "x25519", "--out", folder["key"]);

        Command.AssertFails(await Command.RunAsync("keys", "sign", "--key", folder["key"]), 1, "x25519");
        Command.AssertFails(await Command.RunAsync("keys", "verify", "--key", folder["key"], "--signature", "00"), 1, "x25519");
    }

    [Test]
    public async Task What_is_not_a_key_is_refused_and_what_is_not_there_is_an_io_error()
    {
        await File.WriteAllTextAsync(folder["text"], "not a key");
        await File.WriteAllBytesAsync(folder["large"], new byte[1_000_000]);
        await File.WriteAllTextAsync(folder["empty"], "");

        Command.AssertFails(await Command.RunAsync("keys", "show", folder["text"]), 1, "PEM");
        Command.AssertFails(await Command.RunAsync("keys", "show", folder["large"]), 1);
        Command.AssertFails(await Command.RunAsync("keys", "show", folder["empty"]), 1);
        Command.AssertFails(await Command.RunAsync("keys", "show", folder["missing"]), 3);
        Command.AssertFails(await Command.RunAsync("keys", "show", folder.Path), 3);
        Command.AssertFails(await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", folder["no/such/folder"]), 3);
    }

    [Test]
    public async Task A_store_is_made_at_the_standard_cost_and_takes_another_key()
    {
        await File.WriteAllTextAsync(folder["passphrase"], "correct horse battery staple\n");
        foreach (string name in new[] { "first", "second" })
        {
            CliResult made = await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--store", folder["keys.json"], "--name", name, "--passphrase-file", folder["passphrase"]);
            Assert.That(made.ExitCode, Is.Zero, made.Error);
        }

        using EncryptedFileKeyStore store = await EncryptedFileKeyStore.OpenAsync(folder["keys.json"], "correct horse battery staple"u8.ToArray());
        Assert.That((await store.ListAsync()).Select(entry => entry.Name), Is.EquivalentTo(new[] { "first", "second" }));
        Assert.That(await File.ReadAllTextAsync(folder["keys.json"]), Does.Match("\"memory_kib\": ?65536\\b").And.Match("\"passes\": ?3\\b"));
    }

    /// <summary>A key that need not be a new one: those of RSA take seconds to find.</summary>
    private async Task PutKeyAsync(string algorithm)
    {
        if (!generated.TryGetValue(algorithm, out byte[]? key))
        {
            await Command.RunAsync("keys", "generate", "--algorithm", algorithm, "--out", folder["key"]);
            generated.Add(algorithm, await File.ReadAllBytesAsync(folder["key"]));
            return;
        }

        await File.WriteAllBytesAsync(folder["key"], key);
    }
}
