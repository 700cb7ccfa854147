using System.Net;
using System.Net.Http.Json;

namespace Sage.Cli.Tests;

/// <summary>The samples that sign and verify HTTP, as two processes.</summary>
[TestFixture]
internal sealed class SignedClientTests
{
    private static readonly string[] Refusals = ["Replayed", "DigestMismatch", "BadSignature", "NotSigned"];

    [Test]
    public async Task A_signed_task_is_answered_and_everything_else_refused_for_its_own_reason()
    {
        using TemporaryFolder folder = new();
        using SageProcess server = StartServer(folder);
        string url = await server.ReadAddressAsync();

        CliResult first = await RunClientAsync(null, "--url", url, "--home", folder["agent"]);
        CliResult second = await RunClientAsync(null, "--url", url, "--home", folder["agent"]);

        server.Signal("TERM");
        CliResult served = await server.EndAsync();
        string did = first.Lines[0].Replace("I am ", "", StringComparison.Ordinal);
        string[] log = [$"{did} asks: water the plants", .. Refusals.Select(reason => $"refused: {reason}")];
        using (Assert.EnterMultipleScope())
        {
            AssertAnswered(first, did);
            Assert.That(did, Does.StartWith("did:key:z6Mk"));
            Assert.That(second.Text, Is.EqualTo(first.Text), "the second start finds the agent of the first");
            Assert.That(served.Lines, Is.EqualTo(log.Concat(log)), served.Error);
            Assert.That(served.ExitCode, Is.Zero);
        }
    }

    [Test]
    public async Task An_agent_of_the_command_is_known_by_the_registry_file_and_an_unregistered_one_is_not()
    {
        const string Passphrase = "correct horse battery staple";
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["passphrase"], Passphrase);
        using SageProcess server = StartServer(folder);
        string url = await server.ReadAddressAsync();

        string known = await CreateAgentAsync(folder, "alice", folder["agents.json"]);
        string unknown = await CreateAgentAsync(folder, "mallory", folder["others.json"]);
        CliResult alice = await RunClientAsync(Passphrase, Arguments("alice", known));
        CliResult mallory = await RunClientAsync(Passphrase, Arguments("mallory", unknown));

        using (Assert.EnterMultipleScope())
        {
            AssertAnswered(alice, known);
            Assert.That(mallory.ExitCode, Is.EqualTo(1));
            Assert.That(mallory.Lines[1].Trim(), Does.Match("^signed +NOT AS IT SHOULD BE: 401 "));
        }

        async Task<string> CreateAgentAsync(TemporaryFolder folder, string name, string registry) =>
            (await Command.RunAsync(
                "agent", "create", "--name", name, "--endpoint", "http://127.0.0.1:1", "--home", folder[name], "--registry", registry, "--passphrase-file", folder["passphrase"])).Text.Trim();

        string[] Arguments(string name, string did) =>
        [
            "--url", url, "--Sage:Did", did, "--Sage:KeyStore:Path", Path.Combine(folder[name], "keys.json"), "--Sage:KeyStore:PassphraseVariable", "SAGE_PASSPHRASE",
        ];
    }

    [Test]
    public async Task Without_a_signature_the_open_page_answers_and_the_tasks_do_not()
    {
        using TemporaryFolder folder = new();
        using SageProcess server = StartServer(folder);
        using HttpClient http = new() { BaseAddress = new Uri(await server.ReadAddressAsync()) };

        using HttpResponseMessage page = await http.GetAsync("/");
        using HttpResponseMessage task = await http.PostAsJsonAsync("/tasks", new { text = "anything" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(task.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(task.Headers.Contains("Accept-Signature"));
        }
    }

    [Test]
    public async Task Without_a_server_the_client_says_so()
    {
        using TemporaryFolder folder = new();

        CliResult result = await RunClientAsync(null, "--url", "http://127.0.0.1:1", "--home", folder["agent"]);

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Error, Does.Contain("Is samples/VerifyingApi running?"));
    }

    private static void AssertAnswered(CliResult client, string did)
    {
        string[] lines = [.. client.Lines.Select(line => line.Trim())];
        Assert.That(client.ExitCode, Is.Zero, client.Text + client.Error);
        Assert.That(lines, Has.Length.EqualTo(6));
        Assert.That(lines[1], Does.Match($"^signed +200 {did} may ask to water the plants$"));
        Assert.That(lines[2..], Has.All.Match("^(the same again|changed|and its digest|unsigned) +401 .*authentication failed"));
    }

    private static SageProcess StartServer(TemporaryFolder folder) =>
        SageProcess.StartProgram(Path.Combine(AppContext.BaseDirectory, "VerifyingApi.dll"), null, null, "--urls", "http://127.0.0.1:0", "--registry", folder["agents.json"]);

    private static async Task<CliResult> RunClientAsync(string? passphrase, params string[] arguments)
    {
        using SageProcess client = SageProcess.StartProgram(Path.Combine(AppContext.BaseDirectory, "SignedClient.dll"), passphrase, null, arguments);
        return await client.EndAsync();
    }
}
