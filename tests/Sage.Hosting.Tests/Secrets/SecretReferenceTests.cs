using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Hosting.Tests.Support;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Secrets;

/// <summary>References to secrets, as a host follows them when it starts.</summary>
[TestFixture]
internal sealed class SecretReferenceTests
{
    [Test]
    public async Task A_host_reads_from_vault_what_its_configuration_refers_to()
    {
        await using FakeVault vault = await FakeVault.StartAsync();

        string[] failures = Failures(Chain("vault:secret/data/sage#pg", vault));

        // What is there is no URL, which is only known when it was read.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failures, Is.EqualTo(new[] { "'Sage:Registry:Chains:0:Endpoints:0': what it refers to must be an https URL (or http on this machine), without a user name." }));
            Assert.That(vault.Seen.Select(seen => seen.Path), Is.EqualTo(new[] { "/v1/secret/data/sage" }));
        }
    }

    [Test]
    public async Task What_vault_refuses_is_said_with_the_key()
    {
        await using FakeVault vault = await FakeVault.StartAsync();

        string[] failures = Failures(Chain("vault:secret/data/absent#node", vault));

        Assert.That(failures, Has.One.StartsWith("'Sage:Registry:Chains:0:Endpoints:0': Vault at").And.One.Contains("has nothing at 'secret/data/absent'"));
    }

    [Test]
    public void A_missing_file_is_said_with_the_key() =>
        Assert.That(Failures(Chain("file:" + Identity.PathOf("absent"))), Has.One.StartsWith("'Sage:Registry:Chains:0:Endpoints:0': there is no file"));

    [Test]
    public void A_url_in_a_file_is_a_node() =>
        Assert.That(Failures(Chain("file:" + Identity.Write("node", "https://node.example/v2/key\n"u8))), Is.Empty);

    [Test]
    public void An_application_can_add_a_source()
    {
        CannedSource source = new("canned", "https://node.example/v2/key");

        Assert.That(Failures(Chain("canned:node"), source), Is.Empty);
        Assert.That(source.Asked, Is.EqualTo("node"));
    }

    [Test]
    public void An_application_can_replace_a_source()
    {
        CannedSource source = new("env", "https://node.example/v2/key");

        Assert.That(Failures(Chain("env:NODE"), source), Is.Empty);
        Assert.That(source.Asked, Is.EqualTo("NODE"));
    }

    [Test]
    public async Task A_file_that_anybody_can_read_is_in_the_log()
    {
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.OtherRead;
        using CapturingLoggerFactory logs = new();
        WebApplicationBuilder builder = HostBuilding.Builder(Chain("file:" + Identity.Write("readable", "http://127.0.0.1:1"u8, Readable)), logs);
        builder.AddSageHost();
        await using WebApplication app = builder.Build();
        await app.StartAsync();
        await app.StopAsync();

        Assert.That(logs.Entries.Where(entry => entry.Id.Id == 9003).Select(entry => entry.Text), Has.One.Contains(Identity.PathOf("readable")));
    }

    private static Dictionary<string, string?> Chain(string endpoint, FakeVault? vault = null)
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:Registry:Chains:0:ChainId"] = "1";
        settings["Sage:Registry:Chains:0:Identity"] = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
        settings["Sage:Registry:Chains:0:KeyRegistry"] = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512";
        settings["Sage:Registry:Chains:0:Endpoints:0"] = endpoint;
        if (vault is not null)
        {
            settings["Sage:Vault:Address"] = vault.Address.ToString();
            settings["Sage:Vault:Token"] = "file:" + Identity.Write("vault-token", Encoding.ASCII.GetBytes(FakeVault.Token));
        }

        return settings;
    }

    private static string[] Failures(Dictionary<string, string?> settings, params ISecretSource[] sources)
    {
        try
        {
            HostBuilding.Builder(settings).AddSageHost(sources);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private sealed class CannedSource(string scheme, string secret) : ISecretSource
    {
        public string? Asked { get; private set; }

        public string Scheme => scheme;

        public ValueTask<SecretValue> ReadAsync(string reference, CancellationToken cancellationToken = default)
        {
            Asked = reference;
            return ValueTask.FromResult(new SecretValue(Encoding.UTF8.GetBytes(secret)));
        }
    }
}
