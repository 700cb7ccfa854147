using System.Text.Json;

namespace Sage.Interop.Tests;

/// <summary>Signed HTTP of the sage command against a peer written from the profile alone (tests/interop/http-peer.mjs).</summary>
[NonParallelizable]
internal sealed class ForeignHttpPeerTests
{
    private string folder = "";

    private string Registry => Path.Combine(folder, "agents.json");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("sage-http-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("ed25519", "ed25519")]
    [TestCase("ed25519", "secp256k1")]
    [TestCase("secp256k1", "ed25519")]
    [TestCase("secp256k1", "secp256k1")]
    public async Task A_foreign_peer_verifies_every_signed_answer(string ours, string theirs)
    {
        (RunningProcess server, string did, string url) = await ServeAsync(ours);
        using (server)
        {
            using JsonDocument summary = await RunPeerAsync("dial", did, url, theirs, "--count", "50");
            Assert.That(summary.RootElement.GetProperty("echoes").GetInt32(), Is.EqualTo(55));
        }
    }

    [TestCase("ed25519", "secp256k1")]
    [TestCase("secp256k1", "ed25519")]
    public async Task The_command_calls_a_foreign_peer_and_refuses_every_lie(string ours, string theirs)
    {
        string home = await CreateAsync("caller", ours);
        using RunningProcess server = RunningProcess.Node("http-peer.mjs", "serve", "--registry", Registry, "--algorithm", theirs);
        using JsonDocument peer = JsonDocument.Parse(await server.ReadLineAsync("{"));
        string url = peer.RootElement.GetProperty("url").GetString()!;
        string body = Path.Combine(folder, "body.json");
        await File.WriteAllTextAsync(body, """{"hello":"wörld"}""");
        string[] options = ["--home", home, "--registry", Registry, "--body-file", body, "--content-type", "application/json"];

        string answer = await RunningProcess.RunAsync(RunningProcess.Sage(["http", "call", url + "/signed-echo", .. options]));
        string summary = await RunningProcess.RunAsync(RunningProcess.Sage(["http", "call", url + "/signed-echo?a=%2F", .. options, "--count", "50", "--json"]));

        Assert.That(answer, Is.EqualTo("""{"hello":"wörld"}"""));
        using JsonDocument counted = JsonDocument.Parse(summary);
        Assert.That(counted.RootElement.GetProperty("calls").GetInt32(), Is.EqualTo(50));
        Assert.That(counted.RootElement.GetProperty("subjects")[0].GetString(), Is.EqualTo(peer.RootElement.GetProperty("did").GetString()));

        string[] lies = [.. peer.RootElement.GetProperty("lies").EnumerateArray().Select(lie => lie.GetString()!)];
        Assert.That(lies, Has.Length.GreaterThanOrEqualTo(12));
        List<string> believed = [];
        foreach (string lie in lies)
        {
            // The stranger is an agent of the registry too: only who names the callee refuses its answers.
            string[] to = lie == "/stranger" ? ["--to", peer.RootElement.GetProperty("did").GetString()!] : [];
            if (await RunningProcess.ExitCodeAsync(RunningProcess.Sage(["http", "call", url + lie, .. options, .. to])) != 1)
            {
                believed.Add(lie);
            }
        }

        Assert.That(believed, Is.Empty);
        TestContext.Out.WriteLine($"{lies.Length} lies refused");
    }

    [TestCase("ed25519", "ed25519")]
    [TestCase("secp256k1", "secp256k1")]
    public async Task A_hostile_caller_gets_one_and_the_same_refusal_every_time(string ours, string theirs)
    {
        (RunningProcess server, string did, string url) = await ServeAsync(ours);
        using (server)
        {
            using JsonDocument summary = await RunPeerAsync("attack", did, url, theirs);
            TestContext.Out.WriteLine(summary.RootElement.ToString());
            Assert.That(summary.RootElement.GetProperty("cases").GetInt32(), Is.GreaterThan(200));
        }
    }

    private async Task<JsonDocument> RunPeerAsync(string mode, string did, string url, string algorithm, params string[] more) => JsonDocument.Parse(
        await RunningProcess.RunAsync(RunningProcess.Node(
            "http-peer.mjs", [mode, "--registry", Registry, "--to", did, "--url", url, "--algorithm", algorithm, .. more])));

    private async Task<string> CreateAsync(string name, string algorithm)
    {
        string home = Path.Combine(folder, name);
        await RunningProcess.RunAsync(RunningProcess.Sage(
            "agent", "create", "--name", name, "--endpoint", "http://127.0.0.1:1", "--home", home, "--registry", Registry, "--signing", algorithm));
        return home;
    }

    private async Task<(RunningProcess Server, string Did, string Url)> ServeAsync(string algorithm)
    {
        string home = await CreateAsync("server", algorithm);
        using JsonDocument profile = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(home, "agent.json")));
        RunningProcess server = RunningProcess.Sage("agent", "serve", "--home", home, "--registry", Registry, "--port", "0");
        string line = await server.ReadLineAsync("listening on ");
        return (server, profile.RootElement.GetProperty("did").GetString()!, line["listening on ".Length..].Trim());
    }
}
