using System.Text;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Unit.Wire;

internal sealed class WireResponseTests
{
    private static readonly WireMessage Request = WireMessage.Create("id-1", "did:a:b", new byte[] { 1 }, default, "ctx", "task");

    [Test]
    public void A_success_is_written_as_Go_writes_it() => Assert.That(
        Encoding.UTF8.GetString(WireResponse.Succeeded(Request, new byte[] { 0xfb, 0xff }).ToJson()),
        Is.EqualTo("""{"success":true,"message_id":"id-1","task_id":"task","data":"+/8="}""" + "\n"));

    [Test]
    public void A_refusal_is_written_as_Go_writes_it() => Assert.That(
        Encoding.UTF8.GetString(WireResponse.Failed(null, "authentication failed").ToJson()),
        Is.EqualTo("""{"success":false,"message_id":"","error":"authentication failed"}""" + "\n"));

    [Test]
    public void What_is_written_is_read()
    {
        byte[] data = [1, 2, 3];
        Assert.That(WireResponse.TryParse(WireResponse.Succeeded(Request, data).ToJson(), out WireResponse? success), Is.True);
        Assert.That((success!.Success, success.MessageId, success.TaskId, success.Error), Is.EqualTo((true, "id-1", "task", (string?)null)));
        Assert.That(success.Data.ToArray(), Is.EqualTo(data));
        Assert.That(WireResponse.TryParse(WireResponse.Failed(Request, "no", data).ToJson(), out WireResponse? failure), Is.True);
        Assert.That((failure!.Success, failure.MessageId, failure.TaskId, failure.Error), Is.EqualTo((false, "id-1", "task", "no")));
        Assert.That(failure.Data.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public void An_error_forces_failure()
    {
        Assert.That(Read("""{"success":true,"error":"x"}""").Success, Is.False);
        Assert.That(Read("""{"error":"x","success":true}""").Success, Is.False);
        Assert.That(Read("""{"success":true,"error":""}""").Success, Is.True);
    }

    [Test]
    public void Only_success_is_required()
    {
        WireResponse response = Read("""{"success":true}""");
        Assert.That((response.Success, response.MessageId, response.TaskId, response.Error, response.Data.Length), Is.EqualTo((true, (string?)null, (string?)null, (string?)null, 0)));
        Assert.That(Read("""{"success":true,"message_id":"","task_id":"","data":""}""").MessageId, Is.Null);
        Assert.That(Parses("{}"), Is.False);
    }

    [TestCase("success")]
    [TestCase("message_id")]
    [TestCase("task_id")]
    [TestCase("data")]
    [TestCase("error")]
    public void A_member_of_another_type_is_refused(string member)
    {
        JsonNode?[] values = [null, 1, new JsonArray(), new JsonObject(), member == "success" ? "true" : true];
        foreach (JsonNode? value in values)
        {
            JsonObject json = new() { ["success"] = true };
            json[member] = value?.DeepClone();
            Assert.That(Parses(json.ToJsonString()), Is.False, json.ToJsonString());
        }
    }

    [TestCase("message_id", 128)]
    [TestCase("task_id", 64)]
    [TestCase("error", 2048)]
    public void A_text_has_a_limit(string member, int limit)
    {
        Assert.That(Parses($$"""{"success":false,"{{member}}":"{{new string('x', limit)}}"}"""), Is.True);
        Assert.That(Parses($$"""{"success":false,"{{member}}":"{{new string('x', limit + 1)}}"}"""), Is.False);
    }

    [TestCase("!!")]
    [TestCase("AB==")]
    [TestCase("AA")]
    [TestCase("A-_=")]
    [TestCase("AA AA")]
    public void Data_is_strict_base64(string data) => Assert.That(Parses($$"""{"success":true,"data":"{{data}}"}"""), Is.False);

    [TestCase("""{"success":true,"success":true}""")]
    [TestCase("""{"success":true,"data":"AAAA","data":"AAAA"}""")]
    [TestCase("""{"success":true}{}""")]
    [TestCase("""{"success":true,}""")]
    [TestCase("""[{"success":true}]""")]
    [TestCase("")]
    [TestCase("null")]
    [TestCase("garbage")]
    public void Anything_but_an_answer_is_refused(string text) => Assert.That(Parses(text), Is.False);

    [Test]
    public void Unknown_members_are_ignored() => Assert.That(Parses("""{"success":true,"extra":{"a":[1]}}"""), Is.True);

    [Test]
    public void The_size_is_the_callers()
    {
        byte[] json = """{"success":true}"""u8.ToArray();
        Assert.That(WireResponse.TryParse(json, out _, json.Length), Is.True);
        Assert.That(WireResponse.TryParse(json, out _, json.Length - 1), Is.False);
    }

    [Test]
    public void A_refusal_needs_a_reason_of_bounded_length()
    {
        Assert.That(() => WireResponse.Failed(null, ""), Throws.ArgumentException);
        Assert.That(() => WireResponse.Failed(null, new string('x', 2049)), Throws.ArgumentException);
        Assert.That(() => WireResponse.Succeeded(null!, default), Throws.ArgumentNullException);
    }

    private static WireResponse Read(string text)
    {
        Assert.That(WireResponse.TryParse(Encoding.UTF8.GetBytes(text), out WireResponse? response), Is.True);
        return response!;
    }

    private static bool Parses(string text) => WireResponse.TryParse(Encoding.UTF8.GetBytes(text), out _);
}
