namespace Sage.Cli.Tests;

/// <summary>A folder with a registry and a passphrase file in which tests make agents.</summary>
internal abstract class AgentFixture
{
    public const string Passphrase = "correct horse battery staple";

    protected TemporaryFolder Folder { get; private set; } = null!;

    protected string Registry => Folder["agents.json"];

    protected string PassphraseFile => Folder["passphrase"];

    [SetUp]
    public async Task MakeFolder()
    {
        Folder = new TemporaryFolder();
        await File.WriteAllTextAsync(PassphraseFile, Passphrase + "\n");
    }

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();

    protected Task<CliResult> CreateAsync(string name, string endpoint = "http://127.0.0.1:1", params string[] more) => Command.RunAsync(
    [
        "agent", "create", "--name", name, "--endpoint", endpoint,
        "--home", Folder[name], "--registry", Registry, "--passphrase-file", PassphraseFile, .. more,
    ]);

    /// <summary>Makes an agent and returns its DID.</summary>
    protected async Task<string> CreateDidAsync(string name, string endpoint = "http://127.0.0.1:1", params string[] more)
    {
        CliResult created = await CreateAsync(name, endpoint, more);
        Assert.That(created.ExitCode, Is.Zero, created.Error);
        return created.Lines[^1];
    }

    protected string[] SendArguments(string from, string to, params string[] more) =>
        ["agent", "send", "--home", Folder[from], "--registry", Registry, "--passphrase-file", PassphraseFile, "--to", to, .. more];

    protected string[] ServeArguments(string name, params string[] more) =>
        ["agent", "serve", "--home", Folder[name], "--registry", Registry, "--passphrase-file", PassphraseFile, .. more];
}
