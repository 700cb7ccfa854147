using Microsoft.AspNetCore.Http;
using Sage.Hosting.Tests.Support;

namespace Sage.Hosting.Tests.Secrets;

/// <summary>Secrets in a Vault, as its documentation says that it answers.</summary>
[TestFixture]
internal sealed class VaultSecretSourceTests
{
    private FakeVault vault = null!;

    [SetUp]
    public async Task StartAsync() => vault = await FakeVault.StartAsync();

    [TearDown]
    public async Task StopAsync() => await vault.DisposeAsync();

    [Test]
    public async Task A_member_of_a_secret_is_read_with_a_token()
    {
        using SecretValue value = await vault.Source(options => options.Namespace = "team/a").ReadAsync("secret/data/sage#pg");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(value.Reveal(), Is.EqualTo(FakeVault.Secret));
            Assert.That(vault.Seen, Is.EqualTo(new[] { ("GET", "/v1/secret/data/sage", "team/a", "true") }));
        }
    }

    [Test]
    public async Task A_member_of_a_secret_is_read_after_an_approle_login()
    {
        string id = "file:" + Identity.Write("secret-id", System.Text.Encoding.ASCII.GetBytes(FakeVault.SecretId + "\n"));
        VaultSecretSource source = vault.Source(options => (options.Token, options.RoleId, options.SecretId) = (null, "sage", id));

        using SecretValue value = await source.ReadAsync("secret/data/sage#pg");

        Assert.That(value.Reveal(), Is.EqualTo(FakeVault.Secret));
    }

    [Test]
    public async Task Escapes_of_json_are_undone()
    {
        using SecretValue value = await vault.Source().ReadAsync("secret/data/sage#umlaut");

        Assert.That(value.Reveal(), Is.EqualTo("ü"));
    }

    [TestCase("secret/data/absent#pg", SecretError.NotFound, "has nothing at 'secret/data/absent'")]
    [TestCase("secret/data/deleted#pg", SecretError.NotFound, "only a version that was deleted")]
    [TestCase("secret/data/sage#absent", SecretError.NotFound, "has no member 'absent'")]
    [TestCase("secret/data/sage#number", SecretError.InvalidSecret, "must be a text")]
    [TestCase("secret/data/sage#empty", SecretError.InvalidSecret, "must be a text")]
    [TestCase("secret/data/sage#half", SecretError.InvalidSecret, "must be a text")]
    [TestCase("old/sage#pg", SecretError.InvalidSecret, "not of its key-value engine, version 2")]
    [TestCase("secret/data/sage", SecretError.InvalidReference, "has the form vault:mount/data/name#member")]
    [TestCase("secret/data/../../sys/seal#pg", SecretError.InvalidReference, "has the form")]
    [TestCase("secret/data/sage?version=1#pg", SecretError.InvalidReference, "has the form")]
    [TestCase("/secret/data/sage#pg", SecretError.InvalidReference, "has the form")]
    public void What_cannot_be_had_is_said(string reference, SecretError error, string message) =>
        Clean(Refused.By(vault.Source(), reference, error), message);

    [Test]
    public void A_wrong_token_is_denied()
    {
        string token = "file:" + Identity.Write("wrong-token", "hvs.canary-wrong"u8);

        Clean(Refused.By(vault.Source(options => options.Token = token), "secret/data/sage#pg", SecretError.Denied), "a policy with 'read'");
    }

    [Test]
    public void A_wrong_secret_id_is_denied()
    {
        string id = "file:" + Identity.Write("wrong-id", "canary-wrong"u8);
        VaultSecretSource source = vault.Source(options => (options.Token, options.RoleId, options.SecretId) = (null, "sage", id));

        Clean(Refused.By(source, "secret/data/sage#pg", SecretError.Denied), "the login is not right");
    }

    [Test]
    public void A_token_that_is_none_is_not_sent()
    {
        string token = "file:" + Identity.Write("two-lines", "hvs.canary\r\nX-Vault-Namespace: root"u8);

        Clean(Refused.By(vault.Source(options => options.Token = token), "secret/data/sage#pg", SecretError.InvalidSecret), "'Sage:Vault:Token'");
        Assert.That(vault.Seen, Is.Empty);
    }

    [TestCase(429, "asks for fewer requests")]
    [TestCase(473, "standby")]
    [TestCase(500, "failed")]
    [TestCase(503, "is sealed or in maintenance")]
    [TestCase(502, "failed")]
    public void A_vault_that_does_not_serve_is_unavailable(int status, string message)
    {
        vault.Instead = context => FakeVault.JsonAsync(context, status, """{"errors":["canary"]}""");

        Clean(Refused.By(vault.Source(), "secret/data/sage#pg", SecretError.Unavailable), message);
    }

    [Test]
    public void A_redirect_is_not_followed()
    {
        vault.Instead = context =>
        {
            context.Response.Redirect("/v1/secret/data/sage?canary", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        Clean(Refused.By(vault.Source(), "secret/data/sage#pg", SecretError.Unavailable), "points elsewhere");
        Assert.That(vault.Seen, Has.Count.EqualTo(1));
    }

    [TestCase("canary, not JSON")]
    [TestCase("[\"canary\"]")]
    [TestCase("{\"data\":\"canary\"}")]
    [TestCase("{\"data\":{\"data\":[\"canary\"]}}")]
    [TestCase("{\"data\":{\"data\":{\"pg\":\"canary")]
    [TestCase("")]
    public void An_answer_that_is_none_is_refused_and_not_repeated(string answer)
    {
        vault.Instead = context => FakeVault.JsonAsync(context, 200, answer);

        SecretException? exception = Assert.ThrowsAsync<SecretException>(async () => await vault.Source().ReadAsync("secret/data/sage#pg"));
        Clean(exception!, "Vault");
    }

    [Test]
    public void An_answer_without_end_is_given_up()
    {
        vault.Instead = async context =>
        {
            byte[] chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        Clean(Refused.By(vault.Source(), "secret/data/sage#pg", SecretError.InvalidSecret), "larger than");
    }

    [Test]
    public void A_vault_that_does_not_answer_is_given_up()
    {
        vault.Instead = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        Clean(Refused.By(vault.Source(options => options.Timeout = TimeSpan.FromMilliseconds(300)), "secret/data/sage#pg", SecretError.Unavailable), "did not answer");
    }

    [Test]
    public async Task A_vault_that_is_gone_is_unavailable()
    {
        VaultSecretSource source = vault.Source();
        await vault.DisposeAsync();

        Clean(Refused.By(source, "secret/data/sage#pg", SecretError.Unavailable), "cannot be reached");
    }

    // All that a caller could print.
    private static void Clean(SecretException exception, string message)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Message, Does.Contain(message));
            Assert.That(exception.ToString(), Does.Not.Contain("canary"));
        }
    }
}
