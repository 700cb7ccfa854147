using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>
/// docs/operations/deployment.md, followed by a shell in a folder of its own, and deploy/compose.yaml, whose settings two processes take
/// in place of two containers.
/// </summary>
internal sealed partial class DeploymentPage(string folder, Uri address)
{
    private const string TrustedProxy = "Sage__Limits__TrustedProxies__0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Root = Path.Combine(RunningHost.Folder, "..", "..");

    private readonly string page = File.ReadAllText(Path.Combine(Root, "docs", "operations", "deployment.md"));
    private readonly string compose = File.ReadAllText(Path.Combine(Root, "deploy", "compose.yaml"));

    /// <summary>The arguments of the Redis server after its configuration file.</summary>
    public string[] RedisArguments => [.. QuotedPattern().Matches(RedisPattern().Match(compose).Groups[1].Value).Select(match => match.Groups[1].Value).Skip(2)];

    /// <summary>The DID of the agent that may talk to the nodes.</summary>
    public string Caller => Dids[1];

    private string[] Dids => File.ReadAllText(Path.Combine(folder, "dids")).Split(' ', '\n');

    private string Deploy => Path.Combine(folder, "deploy");

    public string Secret(string name) => File.ReadAllText(Path.Combine(Deploy, "secrets", name)).TrimEnd('\n');

    public void WriteSecret(string name, string content) => File.WriteAllText(Path.Combine(Deploy, "secrets", name), content);

    /// <summary>Makes the agent and the secrets, as steps 1 and 2 say.</summary>
    public async Task PrepareAsync() => await RunAsync(Commands(0) + Commands(1) + "echo \"$SAGE_DID $SAGE_ACCEPT\" > ../dids\n");

    /// <summary>Sends what step 4 sends; gives the answers.</summary>
    public Task<string> TalkAsync() => RunAsync(
        "cd deploy\nexport SAGE_PASSPHRASE=$(cat secrets/agent-passphrase)\nread -r SAGE_DID SAGE_ACCEPT < ../dids\n" + Commands(2));

    /// <summary>The environment of a node as the composition has it, with the paths of this folder.</summary>
    public Dictionary<string, string> NodeSettings()
    {
        Dictionary<string, string> files = SecretPattern().Matches(compose).ToDictionary(match => match.Groups[1].Value, match => Path.Combine(Deploy, match.Groups[2].Value));
        Dictionary<string, string> settings = SettingPattern().Matches(compose).ToDictionary(
            match => match.Groups[1].Value,
            match => VariablePattern().Replace(
                RunSecretPattern().Replace(match.Groups[2].Value, secret => files[secret.Groups[1].Value]),
                variable => variable.Groups[1].Value == "DID" ? Dids[0] : Dids[1]).Replace("/registry/", Path.Combine(Deploy, "registry") + "/", StringComparison.Ordinal));
        Assert.That(settings, Has.Count.GreaterThan(10));
        if (!OperatingSystem.IsWindows())
        {
            // A container is given the files one by one, past the folder, which only root may enter.
            const UnixFileMode Enter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(folder, Enter);
            File.SetUnixFileMode(Path.Combine(Deploy, "secrets"), Enter);
        }

        Assert.That(compose, Does.Contain($"ipv4_address: {settings[TrustedProxy]}"), "the address that is trusted is the proxy's");
        settings[TrustedProxy] = "127.0.0.1";
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        return settings;
    }

    // The command is the one that was built with this test.
    private string Commands(int block) => string.Concat(
        BlockPattern().Matches(page).Select(match => match.Groups[1].Value).Where(text => !text.Contains("docker", StringComparison.Ordinal)).ElementAt(block)
            .Split('\n').Where(line => !line.StartsWith("sage()", StringComparison.Ordinal)).Select(line => line + "\n"));

    private async Task<string> RunAsync(string commands)
    {
        // Only root can give files away.
        string prelude = $"set -euo pipefail\nsage() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "sage.dll")}' \"$@\"; }}\n" + (Environment.UserName == "root" ? "" : "chown() { :; }\n");
        ProcessStartInfo start = new("bash", ["-c", prelude + commands.Replace("http://127.0.0.1:8080", address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return (await output).TrimEnd('\n');
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("^    (Sage__\\w+): \"?(.*?)\"?$", RegexOptions.Multiline)]
    private static partial Regex SettingPattern();

    [GeneratedRegex(@"^  ([\w-]+): \{ file: \./([\w./-]+) \}$", RegexOptions.Multiline)]
    private static partial Regex SecretPattern();

    [GeneratedRegex(@"/run/secrets/([\w-]+)")]
    private static partial Regex RunSecretPattern();

    [GeneratedRegex(@"\$\{SAGE_(\w+):\?[^}]*\}")]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"command: \[(""redis-server"".*)\]")]
    private static partial Regex RedisPattern();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex QuotedPattern();
}
