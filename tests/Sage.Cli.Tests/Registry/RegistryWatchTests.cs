using System.Globalization;
using System.Text.Json;
using Sage.Did.Ethereum;

namespace Sage.Cli.Tests.Registry;

[TestFixture]
internal sealed class RegistryWatchTests : RegistryFixture
{
    [Test]
    public async Task The_whole_life_of_an_agent_is_seen()
    {
        await AddKeyAsync("first", "ed25519");
        await AddKeyAsync("second", "p256");
        EthereumAddress bob = await AddAccountAsync("bob");
        string did = (await WriteAsync("register", "--uri", "https://alice.example/agent.json")).GetProperty("did").GetString()!;
        string stranger = await RegisterAsync();
        JsonElement added = await WriteAsync("keys", "add", "first", "--agent", did);
        JsonElement rotated = await WriteAsync("keys", "rotate", "--old", "first", "--new", "second", "--agent", did);
        await WriteAsync("keys", "revoke", "second", "--agent", did);
        await WriteAsync("revoke-all", "--agent", did);
        await WriteAsync("deactivate", "--agent", did);
        await WriteAsync("activate", "--agent", did);
        await WriteAsync("transfer", "--to", bob.ToString(), "--agent", did);
        string last = await HeadAsync();

        CliResult seen = await Command.RunAsync(["registry", "watch", .. Where, "--agent", did, "--from-block", "0", "--until-block", last, "--json"]);
        Assert.That(seen.ExitCode, Is.Zero, seen.Error);
        JsonElement[] events = [.. seen.Lines.Select(Parse)];
        CliResult all = await Command.RunAsync(["registry", "watch", .. Where, "--from-block", "0", "--until-block", last]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(events.Select(Name).Order(), Is.EqualTo(new[]
            {
                "registered", "uri_set", "epoch_started", "key_added", "key_revoked", "key_added", "key_revoked", "epoch_started", "deactivated", "activated", "transferred",
            }.Order()));
            Assert.That(events.Select(seenEvent => seenEvent.GetProperty("did").GetString()), Is.All.EqualTo(did));
            Assert.That(events.Where(seenEvent => seenEvent.TryGetProperty("version", out _)).Select(seenEvent => seenEvent.GetProperty("version").GetUInt64()), Is.EqualTo(Enumerable.Range(1, 8)));
            Assert.That(events.First(seenEvent => Name(seenEvent) == "key_added").GetProperty("key_id").GetString(), Is.EqualTo(added.GetProperty("keys")[0].GetProperty("key_id").GetString()));
            Assert.That(events.Last(seenEvent => Name(seenEvent) == "key_added").GetProperty("key_id").GetString(), Is.EqualTo(rotated.GetProperty("added").GetString()));
            Assert.That(Name(events[^1]), Is.EqualTo("transferred"));
            Assert.That(events[^1].GetProperty("owner").GetString(), Is.EqualTo(bob.ToString()));
            Assert.That(all.Lines, Has.Some.Contain($"agent {stranger.Split(':')[^1]}  registered"));
            Assert.That(all.Lines, Has.Some.Contain("key_added  key_id=0x").And.Some.Contain("algorithm=ed25519 index=0 version=2"));
        }
    }

    [Test]
    public async Task What_happens_while_the_node_is_away_is_seen_afterwards()
    {
        await using SwitchableNode node = await SwitchableNode.StartAsync(Anvil.Url);
        await using RunningCommand watcher = Watch(["--rpc", node.Url, "--deployment", Deployment, "--from-block", await HeadAsync(), "--poll", "1"]);
        string before = await RegisterAsync();
        await watcher.WaitForOutputAsync(before);

        node.IsDown = true;
        await watcher.WaitForErrorAsync("Trying again.");
        string meanwhile = await RegisterAsync();
        int refused = node.Refused;
        await RunningCommand.WaitAsync(() => node.Refused > refused);
        node.IsDown = false;

        await watcher.WaitForOutputAsync(meanwhile);
        await watcher.WaitForErrorAsync("answers again");
        Assert.That(await watcher.StopAsync(), Is.Zero, "Interrupting it is how it ends.");
        Assert.That(watcher.Output.Split('\n').Count(line => line.Contains(before, StringComparison.Ordinal) && line.Contains("registered", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(watcher.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2), "Said once when it went and once when it came.");
    }

    [Test]
    public async Task A_node_that_fails_hands_over_to_the_next()
    {
        string did = await RegisterAsync();

        CliResult seen = await Command.RunAsync(["registry", "watch", "--rpc", "http://127.0.0.1:1", .. Where, "--from-block", "0", "--until-block", await HeadAsync(), "--poll", "1", "--json"]);

        Assert.That(seen.ExitCode, Is.Zero, seen.Error);
        Assert.That(seen.Text, Does.Contain(did));
    }

    [Test]
    public async Task A_reorganisation_is_told()
    {
        await using RunningCommand watcher = Watch([.. Where, "--from-block", await HeadAsync(), "--poll", "1"]);
        string did = await RegisterAsync();
        await watcher.WaitForOutputAsync(did);

        // The next block shows it.
        await Anvil.ReorgAsync(1);
        await Anvil.MineAsync();

        await watcher.WaitForOutputAsync("\"rewound\"");
        Assert.That(await watcher.StopAsync(), Is.Zero);
    }

    [Test]
    public async Task It_ends_when_the_time_is_up()
    {
        string next = (ulong.Parse(await HeadAsync(), CultureInfo.InvariantCulture) + 1000).ToString(CultureInfo.InvariantCulture);

        CliResult quiet = await Command.RunAsync(["registry", "watch", .. Where, "--for", "1"]);
        CliResult late = await Command.RunAsync(["registry", "watch", .. Where, "--for", "1", "--until-block", next]);

        Assert.That((quiet.ExitCode, quiet.Text), Is.EqualTo((0, "")), quiet.Error);
        Command.AssertFails(late, 1, "was not reached in time");
    }

    [Test]
    public async Task Where_nothing_can_be_watched_it_does_not_begin()
    {
        string identity = Deployed.Deployment.IdentityRegistry.ToString();
        string keys = Deployed.Deployment.KeyRegistry.ToString();

        Command.AssertFails(await Command.RunAsync(["registry", "watch", "--rpc", "http://127.0.0.1:1", "--deployment", Deployment]), 3);
        Command.AssertFails(await Command.RunAsync(["registry", "watch", "--rpc", Anvil.Url.AbsoluteUri, "--chain-id", "1", "--identity", identity, "--keys", keys]), 1, "serves chain");
        Command.AssertFails(await Command.RunAsync(["registry", "watch", .. Chain, "--identity", keys, "--keys", identity]), 1);
    }

    private static JsonElement Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private static string Name(JsonElement seen) => seen.GetProperty("event").GetString()!;

    private static RunningCommand Watch(params string[] arguments) => RunningCommand.Start(["registry", "watch", "--json", .. arguments]);

    private async Task<string> HeadAsync() => (await Anvil.Client.GetBlockAsync(BlockTag.Latest)).Number.ToString(CultureInfo.InvariantCulture);
}
