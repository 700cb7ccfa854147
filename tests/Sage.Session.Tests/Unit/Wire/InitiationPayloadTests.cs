using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Unit.Wire;

internal sealed class InitiationPayloadTests
{
    private static readonly string[] Members = ["initDid", "respDid", "info", "exportCtx", "nonce", "ts", "enc", "ephC"];

    private static readonly byte[] First = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Second = RandomNumberGenerator.GetBytes(32);

    [Test]
    public void What_is_written_is_read()
    {
        DateTimeOffset time = new(2026, 9, 1, 12, 0, 0, 123, TimeSpan.Zero);
        byte[] written = InitiationPayload.Write("did:a:1", "did:b:2", "info|text"u8, "export|text"u8, "nonce-1", time, First, Second);
        Assert.That(InitiationPayload.TryParse(written, out InitiationPayload? payload), Is.True);
        Assert.That(payload!.Initiator, Is.EqualTo("did:a:1"));
        Assert.That(payload.Responder, Is.EqualTo("did:b:2"));
        Assert.That(payload.Info.ToArray(), Is.EqualTo("info|text"u8.ToArray()));
        Assert.That(payload.ExportContext.ToArray(), Is.EqualTo("export|text"u8.ToArray()));
        Assert.That(payload.Nonce, Is.EqualTo("nonce-1"));
        Assert.That(payload.Timestamp, Is.EqualTo(time));
        Assert.That(payload.EncapsulatedKey.ToArray(), Is.EqualTo(First));
        Assert.That(payload.InitiatorKey.ToArray(), Is.EqualTo(Second));
    }

    [TestCaseSource(nameof(Members))]
    public void A_missing_member_is_refused(string member) => Refused(json => json.Remove(member));

    [TestCaseSource(nameof(Members))]
    public void A_member_of_another_type_or_size_is_refused(string member)
    {
        JsonNode?[] values = [null, 1, true, new JsonObject(), new JsonArray("x"), "", new string('a', 3000)];
        foreach (JsonNode? value in values)
        {
            Refused(json => json[member] = value?.DeepClone());
        }
    }

    [TestCaseSource(nameof(Members))]
    public void A_member_twice_is_refused(string member)
    {
        string text = Honest().ToJsonString();
        string value = Honest()[member]!.ToJsonString();
        Assert.That(Parses(text.Replace("{", $"{{\"{member}\":{value},", StringComparison.Ordinal)), Is.False);
    }

    [TestCaseSource(nameof(Members))]
    public void A_lone_surrogate_is_refused(string member) =>
        Assert.That(Parses(Honest(json => json[member] = "@").ToJsonString().Replace("@", "\\ud800", StringComparison.Ordinal)), Is.False);

    [Test]
    public void An_unknown_string_is_ignored_and_anything_else_is_not()
    {
        Assert.That(Parses(Honest(json => json["cookie"] = "x").ToJsonString()), Is.True);
        Assert.That(Parses(Honest(json => json["cookie"] = "").ToJsonString()), Is.True);
        JsonNode?[] values = [null, 1, false, new JsonObject(), new JsonArray()];
        foreach (JsonNode? value in values)
        {
            Refused(json => json["cookie"] = value?.DeepClone());
        }
    }

    [Test]
    public void Two_unknown_members_of_one_name_are_refused() =>
        Assert.That(Parses(Honest().ToJsonString().Replace("{", "{\"a\":\"x\",\"a\":\"y\",", StringComparison.Ordinal)), Is.False);

    [TestCase("enc")]
    [TestCase("ephC")]
    public void Keys_are_exactly_32_bytes_of_strict_base64url(string member)
    {
        string[] texts =
        [
            Base64Url.EncodeToString(new byte[31]), Base64Url.EncodeToString(new byte[33]), Convert.ToBase64String(new byte[32]),
            new('+', 43), new string('A', 42) + "B", new string('A', 42) + "=", new string('A', 42) + "\n", " " + new string('A', 42), new string('A', 43) + " ",
        ];
        foreach (string text in texts)
        {
            Refused(json => json[member] = text);
        }

        Assert.That(Parses(Honest(json => json[member] = new string('_', 42) + "8").ToJsonString()), Is.True);
    }

    [Test]
    public void An_escape_where_none_is_needed_changes_nothing()
    {
        string text = Honest(json => json["enc"] = new string('A', 43)).ToJsonString().Replace(new string('A', 43), "\\u0041" + new string('A', 42), StringComparison.Ordinal);
        Assert.That(InitiationPayload.TryParse(Encoding.UTF8.GetBytes(text), out InitiationPayload? payload), Is.True);
        Assert.That(payload!.EncapsulatedKey.ToArray(), Is.EqualTo(new byte[32]));
        Assert.That(Parses(text.Replace("\"info\":\"info", "\"info\":\"\\u0069nfo", StringComparison.Ordinal)), Is.True);
    }

    [TestCase("a b")]
    [TestCase("a\u0000b")]
    [TestCase("\u00e9")]
    public void A_nonce_is_visible_ASCII(string nonce) => Refused(json => json["nonce"] = nonce);

    [Test]
    public void A_nonce_has_at_most_128_characters()
    {
        Assert.That(Parses(Honest(json => json["nonce"] = new string('n', 128)).ToJsonString()), Is.True);
        Refused(json => json["nonce"] = new string('n', 129));
    }

    [Test]
    public void More_than_16_KiB_are_refused()
    {
        string text = Honest().ToJsonString();
        Assert.That(Parses(text + new string(' ', InitiationPayload.MaxSize - text.Length)), Is.True);
        Assert.That(Parses(text + new string(' ', InitiationPayload.MaxSize - text.Length + 1)), Is.False);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"x\"")]
    [TestCase("{}")]
    [TestCase("{")]
    [TestCase("\ufeff{}")]
    public void Anything_but_the_object_is_refused(string text) => Assert.That(Parses(text), Is.False);

    [Test]
    public void Trailing_data_a_comment_and_a_trailing_comma_are_refused()
    {
        string text = Honest().ToJsonString();
        Assert.That(Parses(text), Is.True);
        Assert.That(Parses(text + "x"), Is.False);
        Assert.That(Parses(text.Replace("{", "{/**/", StringComparison.Ordinal)), Is.False);
        Assert.That(Parses(text.Replace("}", ",}", StringComparison.Ordinal)), Is.False);
    }

    private static JsonObject Honest(Action<JsonObject>? change = null)
    {
        byte[] written = InitiationPayload.Write("did:a:1", "did:b:2", "info|text"u8, "export|text"u8, "nonce-1", new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero), First, Second);
        JsonObject json = JsonNode.Parse(written)!.AsObject();
        change?.Invoke(json);
        return json;
    }

    private static void Refused(Action<JsonObject> change)
    {
        string text = Honest(change).ToJsonString();
        Assert.That(Parses(text), Is.False, text);
    }

    private static bool Parses(string text) => InitiationPayload.TryParse(Encoding.UTF8.GetBytes(text), out _);
}
