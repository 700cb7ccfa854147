using System.Runtime.Versioning;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class AgentCreateTests : AgentFixture
{
    [TestCase("ed25519", 1)]
    [TestCase("secp256k1", 0)]
    public async Task The_record_has_the_keys_the_proof_and_the_owners_word(string algorithm, int type)
    {
        string did = await CreateDidAsync("alice", "https://alice.example/agent", "--signing", algorithm);

        using JsonDocument file = JsonDocument.Parse(await File.ReadAllBytesAsync(Registry));
        JsonElement json = file.RootElement.GetProperty("records").EnumerateArray().Single();
        Assert.That(AgentRecord.TryParse(JsonSerializer.SerializeToUtf8Bytes(json), out AgentRecord? record), Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(did, Does.Match("^did:sage:ethereum:0x[0-9a-f]{40}$"));
            Assert.That(json.GetProperty("did").GetString(), Is.EqualTo(did));
            Assert.That(json.GetProperty("name").GetString(), Is.EqualTo("alice"));
            Assert.That(json.GetProperty("endpoint").GetString(), Is.EqualTo("https://alice.example/agent"));
            Assert.That(json.GetProperty("is_active").GetBoolean(), Is.True);
            Assert.That(json.GetProperty("version").GetInt64(), Is.EqualTo(1));
            Assert.That(json.GetProperty("keys").GetArrayLength(), Is.EqualTo(1));
            Assert.That(json.GetProperty("keys")[0].GetProperty("type").GetInt32(), Is.EqualTo(type));
            Assert.That(json.GetProperty("keys")[0].GetProperty("verified").GetBoolean(), Is.True);
            Assert.That(json.GetProperty("public_kem_key").GetBytesFromBase64(), Has.Length.EqualTo(32));
            Assert.That(json.GetProperty("owner_proof").GetProperty("op").GetString(), Is.EqualTo("register"));
            Assert.That(record!.HandshakeSigningKey!.Algorithm.Name, Is.EqualTo(algorithm), "the proof of possession is valid");
            Assert.That(record.KeyAgreementKey, Is.Not.Null);
        }

        // With secp256k1 the owner's key is the signing key, so its address is in the DID.
        if (algorithm == "secp256k1")
        {
            Assert.That(did, Does.EndWith(record!.HandshakeSigningKey!.GetEthereumAddress()));
        }
    }

    [Test]
    public async Task The_home_holds_the_keys_of_the_record_under_their_names()
    {
        string did = await CreateDidAsync("alice");

        using EncryptedFileKeyStore store = await EncryptedFileKeyStore.OpenAsync(
            Path.Combine(Folder["alice"], "keys.json"), System.Text.Encoding.UTF8.GetBytes(Passphrase));
        AgentRecord? record = await new FileAgentRegistry(Registry).GetAsync(AgentDid.Parse(did));
        Dictionary<string, PublicKey> keys = (await store.ListAsync()).ToDictionary(entry => entry.Name, entry => entry.PublicKey);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.Keys, Is.EquivalentTo(new[] { "owner", "signing", "agreement" }));
            Assert.That(did, Does.EndWith(keys["owner"].GetEthereumAddress()));
            Assert.That(keys["signing"], Is.EqualTo(record!.HandshakeSigningKey));
            Assert.That(keys["agreement"], Is.EqualTo(record.KeyAgreementKey));
        }
    }

    [Test]
    [Platform("Unix")]
    [UnsupportedOSPlatform("windows")]
    public async Task The_home_is_for_its_owner_only()
    {
        const UnixFileMode Folders = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(Folder["bob"], Folders | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await CreateDidAsync("alice");
        await CreateDidAsync("bob");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.GetUnixFileMode(Folder["alice"]), Is.EqualTo(Folders));
            Assert.That(File.GetUnixFileMode(Folder["bob"]), Is.EqualTo(Folders), "an empty folder that was there");
            Assert.That(File.GetUnixFileMode(Path.Combine(Folder["alice"], "keys.json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task The_answer_is_the_did_alone_or_one_object()
    {
        CliResult plain = await CreateAsync("alice");
        CliResult json = await CreateAsync("bob", "http://127.0.0.1:2", "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.Lines, Has.Length.EqualTo(1));
            Assert.That(plain.Error, Is.Empty);
            Assert.That(json.Lines, Has.Length.EqualTo(1));
            Assert.That(json.Json.GetProperty("did").GetString(), Does.EndWith(json.Json.GetProperty("owner").GetString()!));
            Assert.That(json.Json.GetProperty("name").GetString(), Is.EqualTo("bob"));
            Assert.That(json.Json.GetProperty("endpoint").GetString(), Is.EqualTo("http://127.0.0.1:2"));
            Assert.That(json.Json.GetProperty("signing_algorithm").GetString(), Is.EqualTo("ed25519"));
        }

        using JsonDocument profile = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder["alice"], "agent.json")));
        Assert.That(profile.RootElement.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "did", "name", "endpoint" }));
    }

    [Test]
    public async Task A_home_is_never_overwritten()
    {
        string did = await CreateDidAsync("alice");
        byte[] keys = await File.ReadAllBytesAsync(Path.Combine(Folder["alice"], "keys.json"));

        Command.AssertFails(await CreateAsync("alice"), 1, "never overwritten");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(Folder["alice"], "keys.json")), Is.EqualTo(keys));
            Assert.That(await File.ReadAllTextAsync(Registry), Does.Contain(did));
        }
    }

    [Test]
    public async Task A_registry_that_cannot_be_written_leaves_no_home()
    {
        await File.WriteAllTextAsync(Registry, "damaged");

        CliResult result = await CreateAsync("alice");

        Command.AssertFails(result, 1);
        Assert.That(Directory.Exists(Folder["alice"]), Is.False);
        Assert.That(await File.ReadAllTextAsync(Registry), Is.EqualTo("damaged"));
    }

    [Test]
    public async Task A_passphrase_is_needed_and_never_an_argument()
    {
        string[] arguments = ["agent", "create", "--name", "alice", "--endpoint", "http://127.0.0.1:1", "--home", Folder["alice"], "--registry", Registry];
        Environment.SetEnvironmentVariable("SAGE_PASSPHRASE", null);
        CliResult missing = await Command.RunAsync(arguments);
        Command.AssertFails(missing, 2, "SAGE_PASSPHRASE");
        Assert.That(missing.Error, Does.Contain("--passphrase-file"));

        await File.WriteAllTextAsync(PassphraseFile, "\n");
        Command.AssertFails(await Command.RunAsync([.. arguments, "--passphrase-file", PassphraseFile]), 2, "empty");
        Command.AssertFails(await Command.RunAsync([.. arguments, "--passphrase-file", Folder["missing"]]), 3);
        Command.AssertFails(await Command.RunAsync([.. arguments, "--passphrase", "secret"]), 2);
        Assert.That(Directory.Exists(Folder["alice"]), Is.False);
    }

    [TestCase("ftp://alice.example")]
    [TestCase("alice.example/agent")]
    [TestCase("https://user@alice.example")]
    [TestCase("https://alice.example/?a=b")]
    [TestCase("https://alice.example/#x")]
    public async Task An_endpoint_that_nobody_could_call_is_refused(string endpoint) =>
        Command.AssertFails(await CreateAsync("alice", endpoint), 2, "base URL");

    [Test]
    public async Task A_name_has_1_to_256_characters()
    {
        Command.AssertFails(await CreateAsync("n", more: ["--name", ""]), 2);
        CliResult tooLong = await Command.RunAsync(
            "agent", "create", "--name", new string('n', 257), "--endpoint", "http://127.0.0.1:1", "--home", Folder["n"], "--registry", Registry, "--passphrase-file", PassphraseFile);
        Command.AssertFails(tooLong, 2, "--name");
    }
}
