using System.Text.Json;

namespace Sage.Interop.Tests;

/// <summary>The sage command against a peer written from the profile alone (tests/interop).</summary>
[NonParallelizable]
internal sealed class ForeignPeerTests
{
    private string folder = "";

    private string Registry => Path.Combine(folder, "agents.json");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("sage-interop-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("ed25519", "ed25519", false)]
    [TestCase("secp256k1", "secp256k1", true)]
    public async Task A_foreign_peer_dials_the_command_with_600_echoes(string ours, string theirs, bool cookie)
    {
        (RunningProcess server, string did, string url) = await ServeAsync(ours, cookie);
        using (server)
        {
            string output = await RunningProcess.RunAsync(RunningProcess.Node(
                "peer.mjs", "dial", "--registry", Registry, "--to", did, "--url", url, "--algorithm", theirs, "--count", "600"));
            using JsonDocument summary = JsonDocument.Parse(output);
            Assert.That(summary.RootElement.GetProperty("echoes").GetInt32(), Is.EqualTo(600));
            Assert.That(summary.RootElement.GetProperty("sessions").GetInt32(), Is.EqualTo(2));
        }
    }

    [TestCase("ed25519", "secp256k1")]
    [TestCase("secp256k1", "ed25519")]
    public async Task The_command_dials_a_foreign_peer_with_600_echoes(string ours, string theirs)
    {
        using RunningProcess server = RunningProcess.Node("peer.mjs", "serve", "--registry", Registry, "--algorithm", theirs);
        using JsonDocument peer = JsonDocument.Parse(await server.ReadLineAsync("{"));
        string home = Path.Combine(folder, "caller");
        await RunningProcess.RunAsync(RunningProcess.Sage(
            "agent", "create", "--name", "caller", "--endpoint", "http://127.0.0.1:1", "--home", home, "--registry", Registry, "--signing", ours));
        string output = await RunningProcess.RunAsync(RunningProcess.Sage(
            "agent", "send", "--home", home, "--registry", Registry, "--to", peer.RootElement.GetProperty("did").GetString()!, "--message", "hello", "--count", "600"));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.EqualTo(Enumerable.Range(1, 600).Select(i => $"echo:hello #{i}")));
    }

    [TestCase("ed25519")]
    [TestCase("secp256k1")]
    public async Task A_hostile_caller_gets_the_outcome_the_profile_gives_every_time(string ours)
    {
        (RunningProcess server, string did, string url) = await ServeAsync(ours, cookie: false);
        using (server)
        {
            await RunningProcess.RunAsync(RunningProcess.Node("attack.mjs", "--registry", Registry, "--to", did, "--url", url));
        }
    }

    private async Task<(RunningProcess Server, string Did, string Url)> ServeAsync(string algorithm, bool cookie)
    {
        string home = Path.Combine(folder, "server");
        string created = await RunningProcess.RunAsync(RunningProcess.Sage(
            "agent", "create", "--name", "server", "--endpoint", "http://127.0.0.1:1", "--home", home, "--registry", Registry, "--signing", algorithm));
        string did = created.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
        RunningProcess server = RunningProcess.Sage(
            ["agent", "serve", "--home", home, "--registry", Registry, "--port", "0", .. cookie ? new[] { "--require-cookie" } : []]);
        string line = await server.ReadLineAsync("listening on ");
        return (server, did, line["listening on ".Length..].Trim());
    }
}
