using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did.Tests.Contracts;

namespace Sage.Did.Tests.Unit.Registry;

/// <summary>The registry in a file, beside other processes and other implementations.</summary>
[TestFixture]
internal sealed class FileAgentRegistryTests
{
    private TemporaryFolder folder = null!;
    private TestAgent agent = null!;
    private TestAgent other = null!;
    private string path = null!;
    private FileAgentRegistry registry = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        agent = new TestAgent();
        other = new TestAgent(KeyAlgorithm.Secp256k1);
        path = folder.File("agents.json");
        registry = new FileAgentRegistry(path);
    }

    [TearDown]
    public void TearDown()
    {
        folder.Dispose();
        agent.Dispose();
        other.Dispose();
    }

    [Test]
    public async Task A_file_that_is_not_there_is_an_empty_registry_and_appears_with_the_first_write()
    {
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.NotFound));
        Assert.That(File.Exists(path), Is.False);
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        JsonObject file = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        Assert.That(file["records"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName), Is.EquivalentTo(new[] { "agents.json", "agents.json.lock" }));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        }
    }

    [Test]
    public async Task A_write_leaves_every_other_byte_as_it_was()
    {
        string foreign = Encoding.UTF8.GetString(other.Record().ToJson()).Insert(1, " \"x\" : [1.0, \"\\u0041\"],");
        string before = "{ \"schema\": \"v9\",\n  \"records\" : [ " + foreign + " , 17, {\"did\":5}, {\"broken\":true,\"broken\":true} ],\n \"tail\":{\"a\":[ ]}}\n\n";
        await File.WriteAllTextAsync(path, before);

        await registry.RegisterAsync(agent.Record(), agent.Owner);
        string added = Encoding.UTF8.GetString((await registry.GetAsync(agent.Did))!.ToJson());
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(before.Replace("\"broken\":true} ]", "\"broken\":true},\n" + added + " ]", StringComparison.Ordinal)));

        await registry.UpdateAsync(agent.Did, stored => stored with { Name = "new" }, agent.Owner);
        string changed = Encoding.UTF8.GetString((await registry.GetAsync(agent.Did))!.ToJson());
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(before.Replace("\"broken\":true} ]", "\"broken\":true},\n" + changed + " ]", StringComparison.Ordinal)));
        Assert.That(await StatusOf(other), Is.EqualTo(DidResolutionStatus.Resolved));
    }

    [Test]
    public async Task A_malformed_record_takes_no_other_down()
    {
        using TestAgent third = new();
        string honest = Encoding.UTF8.GetString(agent.Record().ToJson());
        string twiceAMember = $$"""{"did":"{{other.Did}}","is_active":true,"is_active":true}""";
        string tooLarge = $$"""{"did":"{{third.Did}}","x":"{{new string('x', 70_000)}}"}""";
        string deep = $$"""{"x":{{new string('[', 100)}}{{new string(']', 100)}}}""";
        await File.WriteAllTextAsync(path, $"{{\"records\":[null,[],\"x\",{deep},{twiceAMember},{{}},{honest},{tooLarge}]}}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved));
            Assert.That(await StatusOf(other), Is.EqualTo(DidResolutionStatus.Invalid));
            Assert.That(await StatusOf(third), Is.EqualTo(DidResolutionStatus.Invalid));
            Assert.That(() => registry.GetAsync(other.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
            Assert.That(
                await registry.WriteAsync(other.Signed(null, other.Record(), "register")), Is.EqualTo(RegistryWriteResult.StoredRecordInvalid));
        }
    }

    [Test]
    public async Task Two_records_of_one_DID_are_none()
    {
        string honest = Encoding.UTF8.GetString(agent.Record().ToJson());
        string rival = Encoding.UTF8.GetString((agent.Record() with { Endpoint = "https://evil.example" }).ToJson());
        string disguised = rival.Replace("\"did\"", "\"d\\u0069d\"", StringComparison.Ordinal);
        string hidden = honest.Insert(1, $"\"did\":\"{other.Did}\",");
        foreach (string second in new[] { honest, rival, disguised, hidden, $$"""{"did":"{{agent.Did}}"}""" })
        {
            await File.WriteAllTextAsync(path, $"{{\"records\":[{honest},{second}]}}");
            Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Invalid), second);
            Assert.That(await registry.WriteAsync(agent.Signed(null, agent.Record(), "register")), Is.EqualTo(RegistryWriteResult.StoredRecordInvalid));
        }
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"records\":{}}")]
    [TestCase("{\"records\":null}")]
    [TestCase("{\"records\":[]")]
    [TestCase("{\"records\":[]}x")]
    [TestCase("{\"records\":[],}")]
    [TestCase("{\"records\":[],\"records\":[]}")]
    [TestCase("{\"records\":[],\"r\\u0065cords\":[]}")]
    [TestCase("{\"records\":[{]}")]
    [TestCase("\ufeff{\"records\":[]}")]
    [TestCase("{\"records\":[],\"\\ud800\":1}")]
    [TestCase("{/*c*/\"records\":[]}")]
    public async Task A_malformed_file_resolves_nothing_and_is_never_overwritten(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        await File.WriteAllBytesAsync(path, bytes);
        Assert.That(() => registry.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(() => registry.GetAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(() => registry.RegisterAsync(agent.Record(), agent.Owner).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(bytes));

        await File.WriteAllTextAsync(path, RegistryFile(agent));
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved), "mended");
    }

    [Test]
    public async Task A_file_that_becomes_malformed_is_not_answered_from_memory()
    {
        await File.WriteAllTextAsync(path, RegistryFile(agent));
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved));
        await File.WriteAllTextAsync(path, RegistryFile(agent)[..^1]);
        Assert.That(() => registry.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
    }

    [Test]
    public void A_file_that_is_too_large_resolves_nothing()
    {
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(Did.RegistryFile.MaxSize + 1);
        }

        Assert.That(() => registry.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
    }

    [Test]
    public void What_cannot_be_read_resolves_nothing()
    {
        Directory.CreateDirectory(path);
        Assert.That(() => registry.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        FileAgentRegistry nowhere = new(folder.File("no/such/folder/agents.json"));
        Assert.That(() => nowhere.RegisterAsync(agent.Record(), agent.Owner).AsTask(), Throws.TypeOf<DidResolutionException>());
    }

    [Test]
    public async Task Every_change_by_somebody_else_shows_at_once()
    {
        await File.WriteAllTextAsync(path, RegistryFile(agent));
        for (int i = 0; i < 200; i++)
        {
            // The content has the same length each time and changes faster than the clock of a file system ticks.
            bool active = i % 2 == 0;
            string content = FileRegistryFactory.FileOf(agent.Record() with { IsActive = active, Name = active ? "ab" : "a" });
            if (i % 3 == 0)
            {
                await File.WriteAllTextAsync(path, content);
            }
            else
            {
                await File.WriteAllTextAsync(path + ".peer", content);
                File.Move(path + ".peer", path, overwrite: true);
            }

            Assert.That(await StatusOf(agent), Is.EqualTo(active ? DidResolutionStatus.Resolved : DidResolutionStatus.Deactivated), $"change {i}");
        }

        File.Delete(path);
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.NotFound));
    }

    [Test]
    public async Task A_change_that_keeps_length_and_time_shows_too()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Only Linux tells the change time and the inode.");
        }

        DateTime past = TestAgent.Born.UtcDateTime;
        string peer = path + ".peer";
        await WriteAged(path, true);
        await SettleAsync();
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved));

        await WriteAged(peer, false);
        File.Move(peer, path, overwrite: true);
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Deactivated), "another file of the same length and time");

        await WriteAged(path, true);
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved), "the same file with the same length and time");

        async Task WriteAged(string target, bool active)
        {
            await File.WriteAllTextAsync(target, FileRegistryFactory.FileOf(agent.Record() with { IsActive = active, Name = active ? "ab" : "a" }));
            File.SetLastWriteTimeUtc(target, past);
        }
    }

    [Test]
    public async Task Two_registries_on_one_file_see_each_other_and_lose_nothing()
    {
        FileAgentRegistry second = new(path);
        TestAgent[] agents = [.. Enumerable.Range(0, 16).Select(_ => new TestAgent())];
        try
        {
            RegistryWriteResult[] results = await Task.WhenAll(agents.Select(
                (one, i) => Task.Run(() => (i % 2 == 0 ? registry : second).RegisterAsync(one.Record(), one.Owner).AsTask())));
            Assert.That(results, Is.All.EqualTo(RegistryWriteResult.Written));
            foreach (TestAgent one in agents)
            {
                Assert.That((await registry.ResolveAsync(one.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
                Assert.That((await second.ResolveAsync(one.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
            }

            await registry.RevokeKeyAsync(agents[0].Did, agents[0].Signer.PublicKey, agents[0].Owner);
            Assert.That((await second.ResolveAsync(agents[0].Did)).HandshakeSigningKey, Is.Null);
        }
        finally
        {
            Array.ForEach(agents, one => one.Dispose());
        }
    }

    [Test]
    public async Task Of_eight_writers_in_two_registries_exactly_one_wins()
    {
        FileAgentRegistry second = new(path);
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        RegistryWriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
        {
            AgentRecord rival = agent.Signed(stored, stored with { Name = $"writer {i}" }, "update");
            return Task.Run(() => (i % 2 == 0 ? registry : second).WriteAsync(rival).AsTask());
        }));
        Assert.That(results.Count(result => result == RegistryWriteResult.Written), Is.EqualTo(1));
        Assert.That(results.Count(result => result == RegistryWriteResult.VersionConflict), Is.EqualTo(7));
    }

    [Test]
    public async Task A_crash_while_writing_leaves_the_old_file_and_does_not_block_the_next_write()
    {
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        await File.WriteAllTextAsync(path + ".tmp", "half of a registry");
        Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That(await registry.UpdateAsync(agent.Did, s => s with { Name = "x" }, agent.Owner), Is.EqualTo(RegistryWriteResult.Written));
    }

    [Test]
    public async Task The_mode_and_a_link_to_the_file_survive_a_write()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Links and modes are those of Unix.");
            return;
        }

        string target = folder.File("real.json");
        await File.WriteAllTextAsync(target, RegistryFile(other));
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(path, target);
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new FileInfo(path).LinkTarget, Is.EqualTo(target));
            Assert.That(File.GetUnixFileMode(target), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(await StatusOf(agent), Is.EqualTo(DidResolutionStatus.Resolved));
            Assert.That(await StatusOf(other), Is.EqualTo(DidResolutionStatus.Resolved));
        }
    }

    [Test]
    public async Task What_was_checked_is_not_checked_again_when_another_record_changes()
    {
        await File.WriteAllTextAsync(path, FileRegistryFactory.FileOf(agent.Record(), other.Record()));
        AgentRecord before = (await registry.ResolveAsync(agent.Did)).Record!;
        await registry.UpdateAsync(other.Did, stored => stored with { Name = "other" }, other.Owner);
        Assert.That((await registry.ResolveAsync(agent.Did)).Record, Is.SameAs(before));
    }

    [Test]
    public async Task An_answer_is_dated_by_the_clock_it_was_given()
    {
        FakeTimeProvider clock = new(TestAgent.Born);
        FileAgentRegistry dated = new(path, clock);
        await File.WriteAllTextAsync(path, RegistryFile(agent));
        DidResolution resolution = await dated.ResolveAsync(agent.Did);
        Assert.That((resolution.ObservedAt, resolution.Source), Is.EqualTo((TestAgent.Born, "file")));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await dated.ResolveAsync(agent.Did)).AgeAt(clock.GetUtcNow()), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task An_unchanged_file_costs_one_small_object_a_resolution()
    {
        await File.WriteAllTextAsync(path, RegistryFile(agent));
        await SettleAsync();
        await registry.ResolveAsync(agent.Did);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            ValueTask<DidResolution> resolution = registry.ResolveAsync(agent.Did);
            Assert.That(resolution.IsCompletedSuccessfully);
        }

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThan(400));
    }

    [Test]
    public async Task The_file_of_another_implementation_reads()
    {
        AgentRecord record = other.Record();
        JsonObject foreign = JsonNode.Parse(record.ToJson())!.AsObject();
        foreign["keys"]!.AsArray().Add(JsonNode.Parse($$"""{"type":2,"key_data":"{{Convert.ToBase64String(other.Agreement.Bytes)}}","signature":null,"verified":true,"created_at":"2026-09-01T12:00:00Z"}"""));
        foreign.Remove("public_kem_key");
        await File.WriteAllTextAsync(path, new JsonObject { ["records"] = new JsonArray(foreign) }.ToJsonString());
        DidResolution resolution = await registry.ResolveAsync(other.Did);
        Assert.That((resolution.HandshakeSigningKey, resolution.KeyAgreementKey), Is.EqualTo((other.Signer.PublicKey, other.Agreement)));
    }

    private async Task<DidResolutionStatus> StatusOf(TestAgent one) => (await registry.ResolveAsync(one.Did)).Status;

    private static string RegistryFile(TestAgent one) => FileRegistryFactory.FileOf(one.Record());

    /// <summary>Waits until the file system's clock has moved so far that a later change must show.</summary>
    private async Task SettleAsync()
    {
        byte[] native = [.. Encoding.UTF8.GetBytes(path), 0];
        while (!FileStamp.Read(path, native)!.Value.IsSettledAt(TimeProvider.System.GetUtcNow()))
        {
            await Task.Yield();
        }
    }
}
