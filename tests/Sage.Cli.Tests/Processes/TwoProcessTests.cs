namespace Sage.Cli.Tests;

/// <summary>Two agents as two processes that share nothing but the registry file.</summary>
[TestFixture]
internal sealed class TwoProcessTests : AgentFixture
{
    [Test]
    public async Task Six_hundred_echoes_cross_a_session_border()
    {
        string bob = await CreateDidAsync("bob", "http://127.0.0.1:1/agent");
        await CreateDidAsync("alice");
        using SageProcess server = SageProcess.Start(null, ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();

        CliResult sent = await SageProcess.RunAsync(null, SendArguments("alice", bob, "--url", address, "--message", "hello", "--count", "600"));

        Assert.That(sent.ExitCode, Is.Zero, sent.Error);
        Assert.That(sent.Lines, Is.EqualTo(Enumerable.Range(1, 600).Select(i => $"echo:hello #{i}")));
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    [Platform("Unix")]
    public async Task A_server_that_is_asked_to_stop_ends_well(string signal)
    {
        await CreateDidAsync("bob");
        using SageProcess server = SageProcess.Start(null, ServeArguments("bob", "--port", "0"));
        Assert.That(await server.ReadAddressAsync(), Does.Match(@"^http://127\.0\.0\.1:[1-9][0-9]*$"));

        server.Signal(signal);
        CliResult result = await server.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public async Task A_whole_conversation_works_through_processes_and_the_environment()
    {
        string[] create = ["agent", "create", "--registry", Registry, "--endpoint", "http://127.0.0.1:1"];
        CliResult alice = await SageProcess.RunAsync(Passphrase, [.. create, "--name", "alice", "--home", Folder["alice"]]);
        CliResult bob = await SageProcess.RunAsync(Passphrase, [.. create, "--name", "bob", "--home", Folder["bob"]]);
        using SageProcess server = SageProcess.Start(Passphrase, "agent", "serve", "--home", Folder["bob"], "--registry", Registry, "--port", "0");
        string address = await server.ReadAddressAsync();
        CliResult sent = await SageProcess.RunAsync(
            Passphrase, "agent", "send", "--home", Folder["alice"], "--registry", Registry, "--to", bob.Lines[^1], "--url", address, "--message", "hello");
        CliResult called = await SageProcess.RunAsync(
            Passphrase, "http", "call", address + "/signed-echo", "--home", Folder["alice"], "--registry", Registry, "--body-file", PassphraseFile);
        CliResult without = await SageProcess.RunAsync(
            null, "agent", "send", "--home", Folder["alice"], "--registry", Registry, "--to", bob.Lines[^1], "--message", "hello");

        Assert.That(alice.ExitCode, Is.Zero, alice.Error);
        Assert.That(sent.Text, Is.EqualTo("echo:hello\n"), sent.Error);
        Assert.That(called.Text, Is.EqualTo(Passphrase + "\n"), called.Error);
        Command.AssertFails(without, 2, "SAGE_PASSPHRASE");
    }
}
