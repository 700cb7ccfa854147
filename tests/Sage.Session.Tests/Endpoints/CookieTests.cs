using System.Text;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Cookies come before any look-up, and the client answers one.</summary>
[TestFixture]
internal sealed class CookieTests
{
    [Test]
    public async Task A_client_answers_a_challenge_with_the_same_context_and_everything_else_new()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));

        WireMessage[] sent = [.. pair.Transport.Sent.Where(message => message.TaskId is not null)];
        Assert.That(sent, Has.Length.EqualTo(2));
        JsonObject first = JsonNode.Parse(sent[0].Payload.Span)!.AsObject();
        JsonObject second = JsonNode.Parse(sent[1].Payload.Span)!.AsObject();
        Assert.That(sent[1].ContextId, Is.EqualTo(sent[0].ContextId));
        Assert.That(sent[1].Id, Is.Not.EqualTo(sent[0].Id));
        Assert.That((sent[0].Metadata.Count, sent[1].Metadata.Keys.Single()), Is.EqualTo((0, "cookie")));
        foreach (string member in new[] { "nonce", "enc", "ephC" })
        {
            Assert.That(second[member]!.GetValue<string>(), Is.Not.EqualTo(first[member]!.GetValue<string>()), member);
        }
    }

    [Test]
    public async Task A_challenge_comes_before_any_lookup_and_has_the_agreed_shape()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        using TestAgent stranger = new();
        foreach (TestAgent agent in new[] { pair.Caller, stranger })
        {
            using Initiation initiation = new(agent, pair.Callee, pair.Time) { Signature = _ => new byte[64] };
            WireResponse answer = await pair.SendAsync(initiation.ToBody());
            Assert.That((answer.Success, answer.Error), Is.EqualTo((false, "cookie required or invalid")));
            Assert.That(Encoding.ASCII.GetString(answer.Data.Span), Does.Match("^\\{\"cookie\":\"[A-Za-z0-9_-]{1,1024}\"\\}$"));
        }

        Assert.That((pair.Directory.Lookups, pair.Nonces.Kept.Count, pair.Listener.SessionCount), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task A_cookie_counts_for_its_context_agents_address_and_two_minutes()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        using TestAgent other = new();
        pair.Directory.Publish(other);
        string cookie = await ChallengeAsync(pair, "ctx-1");

        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-2", cookie), Is.EqualTo(CookieChallenge.Error), "another context");
        Assert.That(await AnswerAsync(pair, other, "ctx-1", cookie), Is.EqualTo(CookieChallenge.Error), "another agent");
        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", cookie, "192.0.2.2"), Is.EqualTo(CookieChallenge.Error), "another address");
        foreach (string bent in new[] { "", "x", cookie + "A", cookie[1..], cookie[..^1] + "=", cookie.ToUpperInvariant(), new string('a', 2000), "\u00e9" })
        {
            Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", bent), Is.EqualTo(CookieChallenge.Error), bent);
        }

        Assert.That(pair.Directory.Lookups, Is.Zero);
        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", cookie), Is.Null);
        pair.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", cookie), Is.Null, "the minute before is accepted");
        pair.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", cookie), Is.EqualTo(CookieChallenge.Error), "a cookie that is too old");
    }

    [Test]
    public async Task A_cookie_proves_nothing_about_the_agent()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        string cookie = await ChallengeAsync(pair, "ctx-1");
        using Initiation forged = pair.Initiation("ctx-1");
        forged.Envelope["metadata"] = new JsonObject { ["cookie"] = cookie };
        forged.Signature = _ => new byte[64];
        ListenerHandshakeTests.AssertRefused(await pair.SendAsync(forged.ToBody()), forged);
    }

    [Test]
    public async Task A_stale_initiation_is_asked_for_a_cookie_first()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        using Initiation stale = pair.Initiation();
        stale.Payload["ts"] = "2026-09-01T11:00:00Z";
        Assert.That((await pair.SendAsync(stale.ToBody())).Error, Is.EqualTo(CookieChallenge.Error));
    }

    [Test]
    public async Task What_is_not_for_this_agent_gets_no_cookie()
    {
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        using Initiation initiation = pair.Initiation();
        initiation.Payload["respDid"] = "did:sage:ethereum:0x1";
        ListenerHandshakeTests.AssertRefused(await pair.SendAsync(initiation.ToBody()), initiation);
    }

    [Test]
    public async Task Cookies_are_asked_for_above_the_load_and_not_below()
    {
        using TestPair pair = new(configure: options => options.CookieThreshold = 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(await AnswerAsync(pair, pair.Caller, $"ctx-{i}", null), Is.Null);
        }

        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-3", null), Is.EqualTo(CookieChallenge.Error));
        await using (AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did))
        {
            Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"), "a client passes the gate");
        }

        pair.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-4", null), Is.Null);
    }

    [Test]
    public async Task Garbage_does_not_count_as_load()
    {
        using TestPair pair = new(configure: options => options.CookieThreshold = 3);
        for (int i = 0; i < 50; i++)
        {
            using Initiation garbage = pair.Initiation();
            garbage.Payload["respDid"] = "did:sage:ethereum:0x1";
            await pair.SendAsync(garbage.ToBody());
        }

        Assert.That(await AnswerAsync(pair, pair.Caller, "ctx-1", null), Is.Null);
    }

    [Test]
    public void A_client_answers_one_challenge_only()
    {
        using TestPair pair = new();
        pair.Transport.OnAnswer = (message, _) => WireResponse.Failed(message, CookieChallenge.Error, CookieChallenge.Write("abc"));
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.Refused));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"cookie\":\"\"}")]
    [TestCase("{\"cookie\":1}")]
    [TestCase("{\"cookie\":null}")]
    [TestCase("{\"cookie\":\"ab+/\"}")]
    [TestCase("{\"cookie\":\"abc=\"}")]
    [TestCase("{\"cookie\":\"ab c\"}")]
    [TestCase("{\"cookie\":\"abc\",\"more\":\"x\"}")]
    [TestCase("{\"cookie\":\"abc\",\"cookie\":\"abc\"}")]
    [TestCase("[\"abc\"]")]
    [TestCase("\"abc\"")]
    [TestCase("abc")]
    [TestCase("long")]
    public void A_malformed_challenge_ends_the_handshake(string data)
    {
        using TestPair pair = new();
        byte[] challenge = Encoding.ASCII.GetBytes(data == "long" ? $"{{\"cookie\":\"{new string('a', 1025)}\"}}" : data);
        pair.Transport.OnAnswer = (message, _) => WireResponse.Failed(message, CookieChallenge.Error, challenge);
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.InvalidResponse));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_challenge_that_claims_success_ends_the_handshake()
    {
        using TestPair pair = new();
        pair.Transport.OnAnswer = (message, _) => Parse($$"""{"success":true,"message_id":"{{message.Id}}","error":"cookie required or invalid","data":"{{Convert.ToBase64String(CookieChallenge.Write("abc"))}}"}""");
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.InvalidResponse));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(1));
    }

    [TestCase("a")]
    [TestCase("longest")]
    public async Task A_cookie_of_one_to_1024_characters_is_carried_back(string cookie)
    {
        cookie = cookie == "longest" ? new string('-', 1024) : cookie;
        using TestPair pair = new();
        bool first = true;
        pair.Transport.OnAnswer = (message, answer) =>
        {
            bool challenge = first;
            first = false;
            return challenge ? WireResponse.Failed(message, CookieChallenge.Error, CookieChallenge.Write(cookie)) : answer;
        };
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(pair.Transport.Sent[1].Metadata["cookie"], Is.EqualTo(cookie));
    }

    private static WireResponse Parse(string json)
    {
        Assert.That(WireResponse.TryParse(Encoding.UTF8.GetBytes(json), out WireResponse? response), Is.True);
        return response!;
    }

    private static async Task<string> ChallengeAsync(TestPair pair, string context)
    {
        using Initiation initiation = pair.Initiation(context);
        WireResponse answer = await pair.SendAsync(initiation.ToBody());
        Assert.That(CookieChallenge.TryParse(answer.Data, out string? cookie), Is.True);
        return cookie!;
    }

    private static async Task<string?> AnswerAsync(TestPair pair, TestAgent agent, string context, string? cookie, string address = "192.0.2.1")
    {
        using Initiation initiation = new(agent, pair.Callee, pair.Time, context);
        if (cookie is not null)
        {
            initiation.Envelope["metadata"] = new JsonObject { ["cookie"] = cookie };
        }

        return (await pair.SendAsync(initiation.ToBody(), address)).Error;
    }
}
