using System.Globalization;
using System.Text.Json.Nodes;
using Sage.Tests;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class VectorsCheckTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Every_published_vector_passes_and_is_named()
    {
        CliResult result = await Command.RunAsync("vectors", "check", ConformanceData.File("sage-p1"));

        Assert.That(result.ExitCode, Is.Zero, result.Text);
        foreach (string file in Directory.GetFiles(ConformanceData.File("sage-p1"), "*.json"))
        {
            foreach (JsonNode? vector in Read(file)["vectors"]!.AsArray())
            {
                Assert.That(result.Lines, Has.One.EqualTo($"ok    {Path.GetFileName(file)}  {vector!["name"]}"));
            }
        }
    }

    /// <summary>No value of a vector may be different and still pass: that is what makes "ok" mean something.</summary>
    [TestCase("crypto.json")]
    [TestCase("jcs.json")]
    [TestCase("hpke.json")]
    [TestCase("session.json")]
    [TestCase("did.json")]
    [TestCase("rfc9421.json")]
    public async Task Any_changed_value_is_a_miss(string file)
    {
        string original = ConformanceData.File("sage-p1", file);
        List<string> unnoticed = [];
        int leaves = Leaves(Read(original)["vectors"]!).Count();
        for (int i = 0; i < leaves; i++)
        {
            JsonNode root = Read(original);
            JsonNode leaf = Leaves(root["vectors"]!).ElementAt(i);
            string path = leaf.GetPath();
            leaf.ReplaceWith(Changed(leaf));
            KeepOnly(root, vector: int.Parse(path.Split('[', ']')[1], CultureInfo.InvariantCulture));
            await File.WriteAllTextAsync(folder[file], root.ToJsonString());
            CliResult result = await Command.RunAsync("vectors", "check", folder.Path);
            if (result.ExitCode != 1)
            {
                unnoticed.Add(path);
            }
        }

        Assert.That(leaves, Is.GreaterThan(5));
        Assert.That(unnoticed.Where(path => !path.EndsWith(".description", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task An_unknown_vector_and_an_unknown_member_are_misses()
    {
        JsonNode root = Read(ConformanceData.File("sage-p1", "jcs.json"));
        root["vectors"]![0]!["name"] = "from-the-future";
        root["vectors"]![1]!["output"]!["more"] = "something";
        await File.WriteAllTextAsync(folder["jcs.json"], root.ToJsonString());

        CliResult result = await Command.RunAsync("vectors", "check", folder.Path);

        Command.AssertFails(result, 1, "2 of 4");
        Assert.That(result.Lines[0], Is.EqualTo("FAIL  jcs.json  from-the-future: the vector is not known"));
        Assert.That(result.Lines[1], Does.StartWith("FAIL  jcs.json  rfc8785-unicode-sorting: output.more"));
        Assert.That(result.Lines[^1], Is.EqualTo("2 passed, 2 failed"));
    }

    [TestCase("not JSON")]
    [TestCase("[]")]
    [TestCase("""{"suite":"jcs","suite":"jcs"}""")]
    [TestCase("""{"suite":"unheard","spec_version":"1.0.0-draft.1","vectors":[{}]}""")]
    [TestCase("""{"suite":"jcs","spec_version":"2.0.0","vectors":[{}]}""")]
    [TestCase("""{"suite":"jcs","spec_version":"1.0.0-draft.1","vectors":[]}""")]
    [TestCase("""{"suite":"jcs","spec_version":"1.0.0-draft.1","vectors":[7]}""")]
    [TestCase("""{"suite":"jcs","spec_version":"1.0.0-draft.1","vectors":[{"name":"numbers","mode":"deterministic"}]}""")]
    [TestCase("""{"suite":"jcs","spec_version":"1.0.0-draft.1","vectors":[{"name":"numbers","mode":"deterministic","input":{"json":7},"output":{}}]}""")]
    public async Task A_file_that_is_no_vector_file_is_a_miss(string content)
    {
        await File.WriteAllTextAsync(folder["odd.json"], content);

        CliResult result = await Command.RunAsync("vectors", "check", folder.Path);

        Command.AssertFails(result, 1);
        Assert.That(result.Lines[0], Does.StartWith("FAIL  odd.json"));
    }

    [Test]
    public async Task A_folder_without_vectors_proves_nothing()
    {
        Command.AssertFails(await Command.RunAsync("vectors", "check", folder.Path), 1, "no vector files");
        Command.AssertFails(await Command.RunAsync("vectors", "check", folder["missing"]), 3);
    }

    [Test]
    public async Task The_result_is_printed_as_json()
    {
        File.Copy(ConformanceData.File("sage-p1", "jcs.json"), folder["jcs.json"]);

        CliResult result = await Command.RunAsync("vectors", "check", folder.Path, "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Json.GetProperty("passed").GetInt32(), Is.EqualTo(4));
            Assert.That(result.Json.GetProperty("failed").GetInt32(), Is.Zero);
            Assert.That(result.Json.GetProperty("vectors")[0].GetProperty("ok").GetBoolean(), Is.True);
        }
    }

    private static void KeepOnly(JsonNode root, int vector)
    {
        JsonNode kept = root["vectors"]![vector]!;
        root["vectors"]!.AsArray().Remove(kept);
        root["vectors"] = new JsonArray(kept);
    }

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static IEnumerable<JsonNode> Leaves(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value!)),
        JsonArray { Count: > 0 } items => items.SelectMany(item => Leaves(item!)),
        _ => [node],
    };

    /// <summary>Another value of the same kind: a hex digit or a letter changed in the middle, or a number plus one.</summary>
    private static JsonNode Changed(JsonNode leaf)
    {
        if (leaf.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            return leaf.GetValue<long>() + 1;
        }

        string text = leaf.GetValue<string>();
        int middle = text.Length / 2;
        return text.Length == 0 ? "1" : text[..middle] + (text[middle] == '1' ? '2' : '1') + text[(middle + 1)..];
    }
}
