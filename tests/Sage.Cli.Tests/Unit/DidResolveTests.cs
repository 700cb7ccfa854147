using System.Text.Json;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class DidResolveTests : AgentFixture
{
    private const string DidKey = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

    [Test]
    public async Task A_record_is_printed_for_reading()
    {
        string did = await CreateDidAsync("alice");

        CliResult resolved = await Command.RunAsync("did", "resolve", did, "--registry", Registry);

        Assert.That(resolved.Json.GetProperty("did").GetString(), Is.EqualTo(did));
        Assert.That(resolved.Json.GetProperty("keys").GetArrayLength(), Is.EqualTo(1));
        Assert.That(resolved.Lines, Has.Length.GreaterThan(5));
    }

    [Test]
    public async Task A_document_is_the_projection_of_the_record()
    {
        string did = await CreateDidAsync("alice");

        CliResult resolved = await Command.RunAsync("did", "resolve", did, "--registry", Registry, "--format", "document");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(resolved.Json.GetProperty("id").GetString(), Is.EqualTo(did));
            Assert.That(resolved.Json.GetProperty("verificationMethod").GetArrayLength(), Is.EqualTo(2));
            Assert.That(resolved.Json.GetProperty("keyAgreement").GetArrayLength(), Is.EqualTo(1));
            Assert.That(resolved.Json.GetProperty("service")[0].GetProperty("serviceEndpoint").GetString(), Is.EqualTo("http://127.0.0.1:1"));
        }
    }

    [TestCase("record")]
    [TestCase("document")]
    public async Task The_json_says_where_the_answer_is_from(string format)
    {
        string did = await CreateDidAsync("alice");

        CliResult resolved = await Command.RunAsync("did", "resolve", did, "--registry", Registry, "--format", format, "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(resolved.Lines, Has.Length.EqualTo(1));
            Assert.That(resolved.Json.GetProperty("did").GetString(), Is.EqualTo(did));
            Assert.That(resolved.Json.GetProperty("version").GetString(), Is.EqualTo("1"));
            Assert.That(resolved.Json.GetProperty("source").GetString(), Is.Not.Empty);
            Assert.That(resolved.Json.GetProperty(format).ValueKind, Is.EqualTo(JsonValueKind.Object));
        }
    }

    [Test]
    public async Task A_did_key_needs_no_registry()
    {
        CliResult resolved = await Command.RunAsync("did", "resolve", DidKey);

        Assert.That(resolved.Json.GetProperty("id").GetString(), Is.EqualTo(DidKey), resolved.Error);
        Command.AssertFails(await Command.RunAsync("did", "resolve", DidKey, "--format", "record"), 1, "no registry record");
        Command.AssertFails(await Command.RunAsync("did", "resolve", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doX"), 1);
    }

    [Test]
    public async Task What_does_not_resolve_has_its_exit_code()
    {
        await CreateDidAsync("alice");
        const string Unknown = "did:sage:ethereum:0x1111111111111111111111111111111111111111";

        Command.AssertFails(await Command.RunAsync("did", "resolve", Unknown, "--registry", Registry), 1, "not known");
        Command.AssertFails(await Command.RunAsync("did", "resolve", "did:web:example.com", "--registry", Registry), 1);
        Command.AssertFails(await Command.RunAsync("did", "resolve", "not-a-did", "--registry", Registry), 2, "not a DID");
        Command.AssertFails(await Command.RunAsync("did", "resolve", Unknown), 2, "--registry");
        Command.AssertFails(await Command.RunAsync("did", "resolve", Unknown, "--registry", Folder["missing"]), 3, "missing");
    }

    [TestCase("")]
    [TestCase("damaged")]
    [TestCase("[]")]
    [TestCase("""{"records":7}""")]
    public async Task A_damaged_registry_is_refused(string content)
    {
        string did = await CreateDidAsync("alice");
        await File.WriteAllTextAsync(Registry, content);

        Command.AssertFails(await Command.RunAsync("did", "resolve", did, "--registry", Registry), 1);
    }

    [Test]
    public async Task A_record_changed_behind_the_owners_back_is_not_trusted()
    {
        string did = await CreateDidAsync("alice");
        await File.WriteAllTextAsync(Registry, (await File.ReadAllTextAsync(Registry)).Replace("127.0.0.1:1", "127.0.0.1:2", StringComparison.Ordinal));

        Command.AssertFails(await Command.RunAsync("did", "resolve", did, "--registry", Registry), 1, "cannot be trusted");
    }
}
