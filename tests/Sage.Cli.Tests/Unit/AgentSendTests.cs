namespace Sage.Cli.Tests;

/// <summary>What is refused before anything is sent.</summary>
[TestFixture]
internal sealed class AgentSendTests : AgentFixture
{
    private const string Unknown = "did:sage:ethereum:0x1111111111111111111111111111111111111111";

    [TestCase]
    [TestCase("--message", "one", "-")]
    [TestCase("--message", "one", "--file", "two")]
    [TestCase("plain words")]
    [TestCase("--message", "one", "--count", "0")]
    [TestCase("--message", "one", "--count", "many")]
    [TestCase("--message", "one", "--url", "ftp://127.0.0.1")]
    [TestCase("--message", "one", "--to", "nobody")]
    public async Task A_wrong_command_line_is_exit_code_2(params string[] arguments) =>
        Command.AssertFails(await Command.RunAsync(SendArguments("alice", Unknown, arguments)), 2);

    [Test]
    public async Task A_peer_that_is_not_known_is_refused()
    {
        await CreateDidAsync("alice");

        Command.AssertFails(await Command.RunAsync(SendArguments("alice", Unknown, "--message", "hello")), 1, "not known");
    }

    [Test]
    public async Task A_wrong_passphrase_is_refused()
    {
        string did = await CreateDidAsync("alice");
        await File.WriteAllTextAsync(PassphraseFile, "something else");

        CliResult sent = await Command.RunAsync(SendArguments("alice", did, "--message", "hello"));
        CliResult served = await Command.RunAsync(ServeArguments("alice", "--port", "0"));

        Command.AssertFails(sent, 1, "passphrase");
        Command.AssertFails(served, 1, "passphrase");
        Assert.That(sent.Error + served.Error, Does.Not.Contain(Passphrase).And.Not.Contain("something else"));
    }

    [Test]
    public async Task Missing_files_are_io_errors()
    {
        string did = await CreateDidAsync("alice");

        Command.AssertFails(await Command.RunAsync(SendArguments("nobody", did, "--message", "hello")), 3, "nobody");
        Command.AssertFails(await Command.RunAsync(SendArguments("alice", did, "--file", Folder["missing"])), 3, "missing");
        File.Delete(Path.Combine(Folder["alice"], "keys.json"));
        Command.AssertFails(await Command.RunAsync(SendArguments("alice", did, "--message", "hello")), 3);
        File.Delete(Registry);
        Command.AssertFails(await Command.RunAsync(SendArguments("alice", did, "--message", "hello")), 3, "registry");
        Command.AssertFails(await Command.RunAsync(ServeArguments("alice", "--port", "0")), 3, "registry");
    }

    [TestCase("agent.json", "{}")]
    [TestCase("agent.json", "damaged")]
    [TestCase("agent.json", """{"did":"did:sage:ethereum:0x1111111111111111111111111111111111111111","name":"alice","endpoint":"nowhere"}""")]
    [TestCase("keys.json", "damaged")]
    public async Task A_damaged_home_is_refused(string file, string content)
    {
        string did = await CreateDidAsync("alice");
        await File.WriteAllTextAsync(Path.Combine(Folder["alice"], file), content);

        Command.AssertFails(await Command.RunAsync(SendArguments("alice", did, "--message", "hello")), 1);
    }

    [Test]
    public async Task A_home_whose_keys_are_not_those_of_the_registry_is_refused()
    {
        string alice = await CreateDidAsync("alice");
        await CreateDidAsync("bob");
        File.Copy(Path.Combine(Folder["bob"], "keys.json"), Path.Combine(Folder["alice"], "keys.json"), overwrite: true);

        Command.AssertFails(await Command.RunAsync(SendArguments("alice", alice, "--message", "hello")), 1, "other keys");
        Command.AssertFails(await Command.RunAsync(ServeArguments("alice", "--port", "0")), 1, "other keys");
    }

    [Test]
    public async Task A_message_larger_than_a_session_carries_is_refused()
    {
        string did = await CreateDidAsync("alice");
        await File.WriteAllBytesAsync(Folder["large"], new byte[(700 * 1024) + 1]);

        Command.AssertFails(await Command.RunAsync(SendArguments("alice", did, "--file", Folder["large"])), 1, "larger");
    }

    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("http")]
    public async Task A_port_is_a_number_of_16_bits(string port) =>
        Command.AssertFails(await Command.RunAsync(ServeArguments("alice", "--port", port)), 2, "--port");
}
