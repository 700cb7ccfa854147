using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Unit.Wire;

internal sealed class WireMessageTests
{
    private const string Did = "did:sage:ethereum:0x1111111111111111111111111111111111111111";

    [Test]
    public void What_is_written_is_read()
    {
        byte[] payload = RandomNumberGenerator.GetBytes(1000);
        byte[] signature = RandomNumberGenerator.GetBytes(64);
        WireMessage message = WireMessage.Create(
            "id-1", Did, payload, signature, "ctx-1", "task", "user", new Dictionary<string, string> { ["kid"] = "kid-1", ["a\"<é"] = "" });
        Assert.That(WireMessage.TryParse(message.ToJson(), out WireMessage? read), Is.True);
        Assert.That((read!.Id, read.Did, read.ContextId, read.TaskId, read.Role), Is.EqualTo(("id-1", Did, "ctx-1", "task", "user")));
        Assert.That(read.Payload.ToArray(), Is.EqualTo(payload));
        Assert.That(read.Signature.ToArray(), Is.EqualTo(signature));
        Assert.That(read.Metadata, Is.EquivalentTo(message.Metadata));
    }

    [Test]
    public void Empty_members_are_left_out_and_an_empty_signature_is_null()
    {
        string text = Encoding.UTF8.GetString(WireMessage.Create("1", "did:a:b", new byte[] { 0xfb, 0xff }, default, "", "", "").ToJson());
        Assert.That(text, Is.EqualTo("""{"id":"1","payload":"+/8=","did":"did:a:b","signature":null}"""));
        Assert.That(WireMessage.TryParse(Encoding.UTF8.GetBytes(text), out WireMessage? read), Is.True);
        Assert.That(read!.Signature.IsEmpty, Is.True);
        Assert.That((read.ContextId, read.TaskId, read.Role, read.Metadata.Count), Is.EqualTo(((string?)null, (string?)null, (string?)null, 0)));
    }

    [TestCase("id")]
    [TestCase("did")]
    [TestCase("payload")]
    public void A_required_member_is_present_and_not_empty(string member)
    {
        Refused(json => json.Remove(member));
        Refused(json => json[member] = "");
        Refused(json => json[member] = null);
    }

    [Test]
    public void A_signature_may_be_missing_null_or_empty()
    {
        Read(json => json.Remove("signature"));
        Read(json => json["signature"] = null);
        Read(json => json["signature"] = "");
    }

    [TestCase("id")]
    [TestCase("did")]
    [TestCase("payload")]
    [TestCase("signature")]
    [TestCase("context_id")]
    [TestCase("task_id")]
    [TestCase("role")]
    [TestCase("metadata")]
    public void A_member_of_another_type_is_refused(string member)
    {
        JsonNode[] values = [1, true, new JsonArray(), new JsonArray("x")];
        foreach (JsonNode value in values)
        {
            Refused(json => json[member] = value.DeepClone());
        }

        Refused(json => json[member] = member == "metadata" ? "x" : new JsonObject());
    }

    [TestCase("id", 128)]
    [TestCase("did", 256)]
    [TestCase("context_id", 128)]
    [TestCase("task_id", 64)]
    [TestCase("role", 64)]
    public void A_text_has_a_limit(string member, int limit)
    {
        Read(json => json[member] = new string('x', limit));
        Read(json => json[member] = new string('\u20ac', limit));
        Refused(json => json[member] = new string('x', limit + 1));
        Refused(json => json[member] = new string('x', 100_000));
    }

    [Test]
    public void Metadata_has_limits()
    {
        Read(json => json["metadata"] = Entries(16));
        Refused(json => json["metadata"] = Entries(17));
        Refused(json => json["metadata"] = Entries(5000));
        Read(json => json["metadata"] = new JsonObject { [new string('n', 64)] = new string('v', 2048) });
        Refused(json => json["metadata"] = new JsonObject { [new string('n', 65)] = "v" });
        Refused(json => json["metadata"] = new JsonObject { [new string('n', 100_000)] = "v" });
        Refused(json => json["metadata"] = new JsonObject { ["n"] = new string('v', 2049) });
        Refused(json => json["metadata"] = new JsonObject { [""] = "v" });
        Refused(json => json["metadata"] = new JsonObject { ["n"] = 7 });
        Refused(json => json["metadata"] = new JsonObject { ["n"] = null });
        Refused(json => json["metadata"] = new JsonObject { ["n"] = new JsonObject() });
        Read(json => json["metadata"] = new JsonObject());
    }

    [Test]
    public void Metadata_names_are_compared_exactly()
    {
        WireMessage message = Read(json => json["metadata"] = new JsonObject { ["Kid"] = "x" })!;
        Assert.That(message.Metadata.ContainsKey("kid"), Is.False);
    }

    [TestCase("payload")]
    [TestCase("signature")]
    public void Base64_is_strict(string member)
    {
        foreach (string text in (string[])["AA", "AAA", "A===", "AAA=A", "AA==AA==", "AAB=", "AB==", "A-_=", "AAAA\n", "AA AA", " AAAA", "AAAA=", "!!!!", "AAA\u00e9"])
        {
            Refused(json => json[member] = text);
        }

        foreach (string text in (string[])["AAAA", "AAA=", "AA==", "+/8="])
        {
            Read(json => json[member] = text);
        }
    }

    [Test]
    public void An_escaped_slash_in_base64_is_a_slash()
    {
        byte[] json = """{"id":"1","did":"d","payload":"\/\/\/\/"}"""u8.ToArray();
        Assert.That(WireMessage.TryParse(json, out WireMessage? message), Is.True);
        Assert.That(message!.Payload.ToArray(), Is.EqualTo(new byte[] { 255, 255, 255 }));
        Assert.That(WireMessage.TryParse("""{"id":"1","did":"d","payload":"\u000aAAA"}"""u8.ToArray(), out _), Is.False);
    }

    [Test]
    public void Unknown_members_are_ignored_and_duplicates_are_not()
    {
        Read(json => json["version"] = new JsonObject { ["a"] = new JsonArray(1) });
        foreach (string text in (string[])["{\"id\":\"x\",", "{\"did\":\"x\",", "{\"\\u0069d\":\"x\",", "{\"a\":1,\"a\":1,"])
        {
            Assert.That(Parses(Honest().ToJsonString().Replace("{", text, StringComparison.Ordinal)), Is.False, text);
        }
    }

    [Test]
    public void The_size_is_the_callers_and_1_MiB_by_default()
    {
        byte[] json = Encoding.UTF8.GetBytes(Honest().ToJsonString());
        Assert.That(WireMessage.TryParse(json, out _, json.Length), Is.True);
        Assert.That(WireMessage.TryParse(json, out _, json.Length - 1), Is.False);
        byte[] large = new byte[WireMessage.DefaultMaxSize + 1];
        large.AsSpan().Fill((byte)' ');
        json.CopyTo(large, 0);
        Assert.That(WireMessage.TryParse(large.AsMemory(0, WireMessage.DefaultMaxSize), out _), Is.True);
        Assert.That(WireMessage.TryParse(large, out _), Is.False);
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{")]
    [TestCase("1")]
    [TestCase("\u0000")]
    [TestCase("\ufeff{}")]
    public void Anything_but_an_envelope_is_refused(string text) => Assert.That(Parses(text), Is.False);

    [Test]
    public void Deep_nesting_bad_UTF8_and_lone_surrogates_are_refused()
    {
        string honest = Honest().ToJsonString();
        Assert.That(Parses(honest.Replace("{", "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100) + ",", StringComparison.Ordinal)), Is.False);
        Assert.That(Parses(honest.Replace("{", "{\"role\":\"\\ud800\",", StringComparison.Ordinal)), Is.False);
        Assert.That(Parses(honest.Replace("{", "{\"a\":\"\\udc00\",", StringComparison.Ordinal)), Is.False);
        Assert.That(WireMessage.TryParse((byte[])[.. Encoding.UTF8.GetBytes(honest.Replace("}", ",\"x\":\"", StringComparison.Ordinal)), 0xff, (byte)'"', (byte)'}'], out _), Is.False);
        Assert.That(Parses(honest + "{}"), Is.False);
    }

    [Test]
    public void Creating_an_envelope_that_nobody_would_read_throws()
    {
        byte[] payload = [1];
        Assert.That(() => WireMessage.Create("", Did, payload, default), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", "", payload, default), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, default, default), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create(new string('i', 129), Did, payload, default), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", new string('d', 257), payload, default), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, payload, default, new string('c', 129)), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, payload, default, null, new string('t', 65)), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, payload, default, null, null, new string('r', 65)), Throws.ArgumentException);
        Dictionary<string, string> many = Enumerable.Range(0, 17).ToDictionary(i => $"k{i}", _ => "v");
        Assert.That(() => WireMessage.Create("1", Did, payload, default, metadata: many), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, payload, default, metadata: new Dictionary<string, string> { ["k"] = new('v', 2049) }), Throws.ArgumentException);
        Assert.That(() => WireMessage.Create("1", Did, payload, default, metadata: new Dictionary<string, string> { [""] = "v" }), Throws.ArgumentException);
    }

    [Test]
    public void An_envelope_does_not_change_with_the_dictionary_it_was_made_from()
    {
        Dictionary<string, string> metadata = new() { ["k"] = "v" };
        WireMessage message = WireMessage.Create("1", Did, new byte[] { 1 }, default, metadata: metadata);
        metadata["k"] = "other";
        Assert.That(message.Metadata["k"], Is.EqualTo("v"));
    }

    [Test]
    public void Reading_a_large_payload_copies_it_once()
    {
        byte[] json = WireMessage.Create("1", Did, new byte[500_000], default).ToJson();
        Assert.That(WireMessage.TryParse(json, out _), Is.True);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = WireMessage.TryParse(json, out WireMessage? message);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(510_000));
        Assert.That(read, Is.True);
        Assert.That(message!.Payload.Length, Is.EqualTo(500_000));
    }

    private static JsonObject Entries(int count)
    {
        JsonObject entries = [];
        for (int i = 0; i < count; i++)
        {
            entries[$"k{i}"] = "v";
        }

        return entries;
    }

    private static JsonObject Honest() => JsonNode.Parse(WireMessage.Create(
        "1", Did, new byte[] { 1, 2, 3 }, new byte[] { 4, 5, 6 }, "ctx", "task", "user", new Dictionary<string, string> { ["kid"] = "k" }).ToJson())!.AsObject();

    private static WireMessage? Read(Action<JsonObject> change)
    {
        JsonObject json = Honest();
        change(json);
        Assert.That(WireMessage.TryParse(JsonSerializer.SerializeToUtf8Bytes(json), out WireMessage? message), Is.True, json.ToJsonString());
        return message;
    }

    private static void Refused(Action<JsonObject> change)
    {
        JsonObject json = Honest();
        change(json);
        Assert.That(Parses(json.ToJsonString()), Is.False, json.ToJsonString()[..Math.Min(200, json.ToJsonString().Length)]);
    }

    private static bool Parses(string text) => WireMessage.TryParse(Encoding.UTF8.GetBytes(text), out _);
}
