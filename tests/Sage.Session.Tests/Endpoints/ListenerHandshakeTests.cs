using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Every way to get an initiation wrong has one answer, keeps nothing, and leaves an honest one working.</summary>
internal sealed class ListenerHandshakeTests
{
    private static readonly string[] Members = ["initDid", "respDid", "info", "exportCtx", "nonce", "ts", "enc", "ephC"];

    private static readonly string[] LowOrderPoints =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    private static IEnumerable<TestCaseData> Hostile()
    {
        foreach (string name in Members)
        {
            yield return Case($"payload {name} missing", i => i.Payload.Remove(name));
            yield return Case($"payload {name} empty", i => i.Payload[name] = "");
            yield return Case($"payload {name} number", i => i.Payload[name] = 1);
            yield return Case($"payload {name} null", i => i.Payload[name] = null);
            yield return Case($"payload {name} object", i => i.Payload[name] = new JsonObject());
            yield return Case($"payload {name} array", i => i.Payload[name] = new JsonArray("x"));
            yield return Case($"payload {name} oversized", i => i.Payload[name] = new string('a', 20_000));
            yield return Case($"payload {name} control character", i => i.Payload[name] = "a\0b");
            yield return Case($"payload {name} duplicated", i => i.RawPayload = text => text[..^1] + $",\"{name}\":\"x\"}}");
            yield return Case($"payload {name} duplicated by escape", i => i.RawPayload = text => text[..^1] + $",\"\\u{(int)name[0]:x4}{name[1..]}\":\"x\"}}");
            yield return Case($"payload {name} lone surrogate", i =>
            {
                i.Payload[name] = "@@";
                i.RawPayload = text => text.Replace("@@", "\\ud800", StringComparison.Ordinal);
            });
            yield return Case($"payload {name} in another case", i => i.RawPayload = text => text.Replace($"\"{name}\"", $"\"{name.ToUpperInvariant()}\"", StringComparison.Ordinal));
        }

        yield return Case("an unknown member that is no string", i => i.Payload["extra"] = 1);
        yield return Case("payload with trailing data", i => i.RawPayload = text => text + "{}");
        yield return Case("payload with a byte order mark", i => i.RawPayload = text => '\ufeff' + text);
        yield return Case("payload is an array", i => i.RawPayload = _ => "[]");
        yield return Case("payload is no JSON", i => i.RawPayload = _ => "garbage");
        yield return Case("payload is deep", i => i.RawPayload = _ => new string('[', 5000));

        foreach (string key in new[] { "enc", "ephC" })
        {
            foreach (string point in LowOrderPoints)
            {
                yield return Case($"{key} is a low-order point {point[..8]}", i => i.Payload[key] = StrictBase64.EncodeUrl(Convert.FromHexString(point)), burnsNonce: true);
            }

            yield return Case($"{key} of 31 bytes", i => i.Payload[key] = StrictBase64.EncodeUrl(new byte[31]));
            yield return Case($"{key} of 33 bytes", i => i.Payload[key] = StrictBase64.EncodeUrl(new byte[33]));
            yield return Case($"{key} padded", i => i.Payload[key] = i.Payload[key]!.GetValue<string>() + "=");
            yield return Case($"{key} with pad bits", i => i.Payload[key] = new string('A', 42) + "B");
            yield return Case($"{key} in the other alphabet", i => i.Payload[key] = new string('+', 43));
        }

        yield return Case("for another agent", i => i.Payload["respDid"] = "did:sage:ethereum:0x1");
        yield return Case("for this agent's first key", i => i.Payload["respDid"] = i.Payload["respDid"]!.GetValue<string>() + "#key-1");
        yield return Case("from another agent than the envelope says", i => i.Payload["initDid"] = "did:sage:ethereum:0x1");
        yield return Case("the envelope is from another agent", i => i.Envelope["did"] = "did:sage:ethereum:0x1");
        yield return Case("the envelope's did is none", i => Replace(i, "not a did"));
        yield return Case("the did has a fragment", i => Replace(i, i.Envelope["did"]!.GetValue<string>() + "#key-1"));
        yield return Case("another context", i => i.Envelope["context_id"] = "ctx-other");
        yield return Case("no context", i => i.Envelope.Remove("context_id"));
        yield return Case("info of another context", i => i.Payload["info"] = i.Payload["info"]!.GetValue<string>().Replace("ctx-", "ctx_", StringComparison.Ordinal));
        yield return Case("another suite", i => i.Payload["info"] = i.Payload["info"]!.GetValue<string>().Replace("x25519", "p256", StringComparison.Ordinal));
        yield return Case("121 s old", i => i.Payload["ts"] = "2026-09-01T11:57:59Z");
        yield return Case("121 s ahead", i => i.Payload["ts"] = "2026-09-01T12:02:01Z");
        yield return Case("no time zone", i => i.Payload["ts"] = "2026-09-01T12:00:00");
        yield return Case("no such day", i => i.Payload["ts"] = "2026-02-30T12:00:00Z");

        yield return Case("signature cut", i => i.Signature = s => s[..^1]);
        yield return Case("signature a byte longer", i => i.Signature = s => [.. s, 0]);
        yield return Case("signature empty", i => i.Envelope["signature"] = "");
        yield return Case("signature null", i => i.Envelope["signature"] = null);
        yield return Case("signature missing", i => i.Envelope["signature"] = null);
        for (int at = 0; at < 64; at += 7)
        {
            int changed = at;
            yield return Case($"signature byte {at} changed", i => i.Signature = s =>
            {
                s[changed] ^= 1;
                return s;
            });
        }

        yield return Case("another task", i => i.Envelope["task_id"] = "hpke/complete@v2");
        yield return Case("no task and no kid", i => i.Envelope.Remove("task_id"));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        foreach (string name in new[] { "id", "payload", "did" })
        {
            yield return Case($"envelope {name} missing", i => Bend(i, name, null), remove: name);
            yield return Case($"envelope {name} empty", i => Bend(i, name, ""));
            yield return Case($"envelope {name} number", i => Bend(i, name, 1));
            yield return Case($"envelope {name} object", i => Bend(i, name, new JsonObject()));
        }

        foreach (string name in new[] { "context_id", "task_id", "role", "signature", "metadata" })
        {
            yield return Case($"envelope {name} number", i => Bend(i, name, 1));
            yield return Case($"envelope {name} array", i => Bend(i, name, new JsonArray()));
        }

        yield return Case("id oversized", i => Bend(i, "id", new string('i', 1000)));
        yield return Case("did oversized", i => Bend(i, "did", "did:sage:ethereum:" + new string('a', 1000)));
        yield return Case("context oversized", i => Bend(i, "context_id", new string('c', 1000)));
        yield return Case("metadata value a number", i => Bend(i, "metadata", new JsonObject { ["cookie"] = 7 }));
        yield return Case("metadata with many entries", i => Bend(i, "metadata", new JsonObject(Enumerable.Range(0, 100).Select(n => KeyValuePair.Create($"k{n}", (JsonNode?)"v")))));
        yield return Case("payload in the other alphabet", i => Bend(i, "payload", "__--"));
        yield return Case("payload with white space", i => Bend(i, "payload", "AAAA\nAAAA"));
        yield return Case("payload without padding", i => Bend(i, "payload", "AAAAA"));
        yield return Case("signature with pad bits", i => Bend(i, "signature", "AB=="));
    }

    [TestCaseSource(nameof(Hostile))]
    public async Task A_hostile_initiation_is_refused_alike(Action<Initiation> bend, bool burnsNonce)
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        bend(initiation);
        WireResponse answer = await pair.SendAsync(initiation.ToBody());
        AssertRefused(answer, initiation);
        Assert.That(pair.Nonces.Kept, Has.Count.EqualTo(burnsNonce ? 1 : 0), "a nonce is burnt only by the initiation of its owner");
        await AssertStillWorksAsync(pair);
    }

    [TestCaseSource(nameof(Malformed))]
    public async Task A_malformed_envelope_is_refused_before_anything_else(Action<Initiation> bend, bool burnsNonce)
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        bend(initiation);
        await AssertMalformedAsync(pair, initiation.ToBody());
        Assert.That(burnsNonce, Is.False);
        await AssertStillWorksAsync(pair);
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{")]
    [TestCase("\0")]
    [TestCase("\"text\"")]
    [TestCase("\ufeff{}")]
    public async Task A_body_that_is_no_envelope_is_malformed(string body)
    {
        using TestPair pair = new();
        await AssertMalformedAsync(pair, Encoding.UTF8.GetBytes(body));
    }

    [TestCase("{\"id\":\"x\",")]
    [TestCase("{\"did\":\"x\",")]
    [TestCase("{\"\\u0069d\":\"x\",")]
    [TestCase("{/**/")]
    public async Task A_body_that_begins_differently_is_malformed(string start)
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        string body = Encoding.UTF8.GetString(initiation.ToBody());
        await AssertMalformedAsync(pair, Encoding.UTF8.GetBytes(start + body[1..]));
        await AssertMalformedAsync(pair, Encoding.UTF8.GetBytes(body + "{}"));
        await AssertMalformedAsync(pair, Encoding.UTF8.GetBytes(body[..^1] + ",}"));
        await AssertMalformedAsync(pair, [.. Encoding.UTF8.GetBytes(body[..^1] + ",\"x\":\""), 0xff, .. "\"}"u8]);
        Assert.That((await pair.SendAsync(Encoding.UTF8.GetBytes(body))).Success, Is.True);
    }

    [Test]
    public async Task A_body_over_the_limit_is_malformed()
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        initiation.Envelope["padding"] = new string('x', 1024 * 1024);
        await AssertMalformedAsync(pair, initiation.ToBody());
    }

    [TestCase(nameof(KeyAlgorithm.Ed25519))]
    [TestCase(nameof(KeyAlgorithm.Secp256k1))]
    public async Task What_the_profile_leaves_open_is_accepted(string algorithm)
    {
        using TestPair pair = new(algorithm == nameof(KeyAlgorithm.Ed25519) ? KeyAlgorithm.Ed25519 : KeyAlgorithm.Secp256k1);
        Action<Initiation>[] harmless =
        [
            _ => { },
            i => i.Payload["extra"] = "x",
            i => i.Payload["cookie"] = "x",
            i => i.Envelope["extra"] = new JsonObject { ["a"] = 1 },
            i => i.Envelope["role"] = "agent",
            i => i.Envelope.Remove("role"),
            i => i.Envelope["metadata"] = new JsonObject { ["cookie"] = "nobody asked", ["kid"] = "ignored" },
            i => i.Payload["ts"] = "2026-09-01T12:00:00Z",
            i => i.Payload["ts"] = "2026-09-01T21:01:59.123456789+09:00",
            i => i.Payload["ts"] = "2026-09-01T11:58:00Z",
            i => i.Payload["info"] = StrictBase64.EncodeUrl(Encoding.ASCII.GetBytes(i.Payload["info"]!.GetValue<string>())),
            i => i.Payload["exportCtx"] = StrictBase64.EncodeUrl(Encoding.ASCII.GetBytes(i.Payload["exportCtx"]!.GetValue<string>())),
        ];
        foreach (Action<Initiation> change in harmless)
        {
            using Initiation initiation = pair.Initiation();
            change(initiation);
            Assert.That((await pair.SendAsync(initiation.ToBody())).Error, Is.Null);
        }

        Assert.That(pair.Listener.SessionCount, Is.EqualTo(harmless.Length));
    }

    [Test]
    public async Task An_agent_that_may_not_be_trusted_is_refused()
    {
        using TestPair pair = new();
        (string What, Action<TestPair> Publish)[] cases =
        [
            ("inactive", p => p.Directory.Publish(p.Caller.Record(isActive: false))),
            ("without proof", p => p.Directory.Publish(p.Caller.Record(proven: false))),
            ("not verified", p => p.Directory.Publish(p.Caller.Record(verified: false))),
            ("revoked", p => p.Directory.Publish(p.Caller.Record(revoked: true))),
            ("resolver down", p => p.Directory.Failure = new InvalidOperationException("down")),
            ("resolution too old", p => p.Directory.Age = TimeSpan.FromMinutes(5.1)),
        ];
        foreach ((string what, Action<TestPair> publish) in cases)
        {
            publish(pair);
            using Initiation initiation = pair.Initiation();
            AssertRefused(await pair.SendAsync(initiation.ToBody()), initiation, what);
            Assert.That(pair.Nonces.Kept, Is.Empty, what);
            pair.Directory.Failure = null;
            pair.Directory.Age = TimeSpan.Zero;
            pair.Directory.Publish(pair.Caller);
        }

        using Initiation stranger = new(new TestAgent(), pair.Callee, pair.Time);
        AssertRefused(await pair.SendAsync(stranger.ToBody()), stranger, "unknown");
        await AssertStillWorksAsync(pair);
    }

    [Test]
    public async Task A_resolution_of_exactly_the_greatest_age_is_relied_on()
    {
        using TestPair pair = new();
        pair.Directory.Age = TimeSpan.FromMinutes(5);
        await AssertStillWorksAsync(pair);
    }

    [Test]
    public async Task Another_agent_cannot_sign()
    {
        using TestPair pair = new();
        using TestAgent other = new();
        pair.Directory.Publish(other);
        using Initiation initiation = pair.Initiation();
        initiation.Signer = other;
        AssertRefused(await pair.SendAsync(initiation.ToBody()), initiation);
        Assert.That(pair.Nonces.Kept, Is.Empty);
    }

    [Test]
    public async Task An_initiation_is_accepted_once()
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        byte[] body = initiation.ToBody();
        Assert.That((await pair.SendAsync(body)).Success, Is.True);
        AssertRefused(await pair.SendAsync(body), initiation);
        initiation.Envelope["id"] = "another id";
        AssertRefused(await pair.SendAsync(initiation.ToBody()), initiation);
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Copies_that_arrive_together_are_accepted_once()
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        byte[] body = initiation.ToBody();
        WireResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => pair.SendAsync(body).AsTask())));
        Assert.That(answers.Count(answer => answer.Success), Is.EqualTo(1));
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_nonce_is_remembered_for_ten_minutes_and_under_both_agents()
    {
        using TestPair pair = new();
        using Initiation late = pair.Initiation();
        late.Payload["ts"] = "2026-09-01T11:58:30Z";
        Assert.That((await pair.SendAsync(late.ToBody())).Success, Is.True);
        using Initiation early = pair.Initiation();
        early.Payload["ts"] = "2026-09-01T12:01:30Z";
        Assert.That((await pair.SendAsync(early.ToBody())).Success, Is.True);

        DateTimeOffset now = pair.Time.GetUtcNow();
        Assert.That(pair.Nonces.Kept.Values.Order(), Is.EqualTo(new[] { now.AddMinutes(10), now.AddMinutes(11.5) }));
        Assert.That(pair.Nonces.Kept.Keys.Select(key => key.Scope), Has.All.EqualTo($"{pair.Callee.Did} {pair.Caller.Did}"));
    }

    [Test]
    public async Task A_replay_memory_that_is_full_or_down_refuses()
    {
        using TestPair pair = new();
        pair.Nonces.IsFull = true;
        using Initiation full = pair.Initiation();
        AssertRefused(await pair.SendAsync(full.ToBody()), full);
        pair.Nonces.IsFull = false;
        pair.Nonces.Failure = new TimeoutException("down");
        using Initiation down = pair.Initiation();
        AssertRefused(await pair.SendAsync(down.ToBody()), down);
        pair.Nonces.Failure = null;
        await AssertStillWorksAsync(pair);
    }

    [Test]
    public async Task The_accept_rule_decides_after_the_proof()
    {
        using TestAgent friend = new();
        List<string> asked = [];
        using TestPair pair = new(configure: options => options.Accept = AcceptRule.Where(peer =>
        {
            asked.Add(peer.Did.Value);
            return peer.Did == friend.Did;
        }));
        pair.Directory.Publish(friend);

        using Initiation forged = new(friend, pair.Callee, pair.Time) { Signer = pair.Caller };
        AssertRefused(await pair.SendAsync(forged.ToBody()), forged);
        Assert.That(asked, Is.Empty, "an unproven peer is not asked about");

        using Initiation other = pair.Initiation();
        AssertRefused(await pair.SendAsync(other.ToBody()), other);
        Assert.That(pair.Nonces.Kept, Is.Empty);

        using Initiation honest = new(friend, pair.Callee, pair.Time);
        Assert.That((await pair.SendAsync(honest.ToBody())).Success, Is.True);
        Assert.That(asked, Is.EqualTo(new[] { pair.Caller.Did.Value, friend.Did.Value }));
    }

    [Test]
    public async Task A_list_accepts_only_its_own_and_a_rule_that_throws_refuses()
    {
        using TestAgent friend = new();
        using TestPair listed = new(configure: options => options.Accept = AcceptRule.Dids(friend.Did));
        using Initiation other = listed.Initiation();
        AssertRefused(await listed.SendAsync(other.ToBody()), other);
        listed.Directory.Publish(friend);
        using Initiation honest = new(friend, listed.Callee, listed.Time);
        Assert.That((await listed.SendAsync(honest.ToBody())).Success, Is.True);

        using TestPair broken = new(configure: options => options.Accept = AcceptRule.Where(_ => throw new InvalidOperationException("rule")));
        using Initiation initiation = broken.Initiation();
        AssertRefused(await broken.SendAsync(initiation.ToBody()), initiation);
    }

    [Test]
    public async Task A_signer_that_fails_leaves_no_session()
    {
        using TestPair pair = new();
        using SessionListener listener = new(
            new LocalAgent(pair.Callee.Did, new FailingSigner(pair.Callee.Signer.PublicKey), pair.Callee.Local.KeyAgreementKey),
            pair.Directory, pair.Nonces, pair.Options, pair.Time);
        using Initiation initiation = pair.Initiation();
        WireResponse answer = await listener.HandleAsync(new SessionRequest(initiation.ToBody(), "192.0.2.1"), pair.Handler);
        Assert.That((answer.Success, answer.Error), Is.EqualTo((false, "request failed")));
        Assert.That(listener.SessionCount, Is.Zero);
    }

    [TestCase("X-SAGE-DID")]
    [TestCase("X-SAGE-Message-ID")]
    [TestCase("X-SAGE-Context-ID")]
    [TestCase("X-SAGE-Task-ID")]
    public async Task A_header_that_differs_from_the_body_is_refused_by_name(string header)
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        string member = header switch
        {
            "X-SAGE-DID" => "did",
            "X-SAGE-Message-ID" => "id",
            "X-SAGE-Context-ID" => "context_id",
            _ => "task_id",
        };
        string value = initiation.Envelope[member]!.GetValue<string>();
        foreach (string bent in new[] { "", "x", value + "," + value, value.ToUpperInvariant(), " " + value })
        {
            WireResponse answer = await pair.SendAsync(initiation.ToBody(), header: name => name == header ? bent : null);
            Assert.That(answer.Error, Is.EqualTo($"{header} header does not match the message body"), bent);
            Assert.That((answer.Success, answer.Data.Length, answer.MessageId), Is.EqualTo((false, 0, initiation.Envelope["id"]!.GetValue<string>())));
        }

        Assert.That(pair.Directory.Lookups, Is.Zero);
        Assert.That((await pair.SendAsync(initiation.ToBody(), header: name => name == header ? value : null)).Success, Is.True);
    }

    [Test]
    public async Task Meta_headers_are_not_read()
    {
        using TestPair pair = new();
        using Initiation initiation = pair.Initiation();
        Assert.That((await pair.SendAsync(initiation.ToBody(), header: name => name.StartsWith("X-SAGE-Meta", StringComparison.Ordinal) ? "x" : null)).Success, Is.True);
    }

    [Test]
    public void A_listener_needs_an_accept_rule_and_says_how_to_give_one()
    {
        using TestPair pair = new();
        ArgumentException? error = Assert.Throws<ArgumentException>(() => _ = new SessionListener(pair.Callee.Local, pair.Directory, pair.Nonces, new AgentSessionOptions()));
        Assert.That(error!.Message, Does.Contain("AcceptRule.Anyone").And.Contain("options.Accept"));
    }

    [Test]
    public void A_listener_needs_a_key_agreement_key()
    {
        using TestPair pair = new();
        LocalAgent caller = new(pair.Callee.Did, pair.Callee.Signer);
        Assert.Throws<ArgumentException>(() => _ = new SessionListener(caller, pair.Directory, pair.Nonces, pair.Options));
    }

    internal static void AssertRefused(WireResponse answer, Initiation initiation, string? what = null)
    {
        Assert.That(answer.Error, Is.EqualTo("authentication failed"), what);
        Assert.That((answer.Success, answer.Data.Length), Is.EqualTo((false, 0)), what);
        Assert.That(answer.MessageId, Is.EqualTo(initiation.Envelope["id"]!.GetValue<string>()), what);
    }

    private static async Task AssertMalformedAsync(TestPair pair, byte[] body)
    {
        WireResponse answer = await pair.SendAsync(body);
        Assert.That((answer.Success, answer.Error, answer.Data.Length, answer.MessageId), Is.EqualTo((false, "malformed message", 0, (string?)null)));
        Assert.That((pair.Directory.Lookups, pair.Listener.SessionCount, pair.Nonces.Kept.Count), Is.EqualTo((0, 0, 0)));
    }

    private static async Task AssertStillWorksAsync(TestPair pair)
    {
        Assert.That(pair.Listener.SessionCount, Is.Zero);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    private static TestCaseData Case(string name, Action<Initiation> bend, bool burnsNonce = false, string? remove = null)
    {
        Action<Initiation> action = remove is null ? bend : i => i.Remove = remove;
        return new TestCaseData(action, burnsNonce).SetArgDisplayNames(name);
    }

    private static void Bend(Initiation initiation, string member, JsonNode? value) => initiation.Override = (member, value);

    private static void Replace(Initiation initiation, string did)
    {
        initiation.Payload["initDid"] = did;
        initiation.Envelope["did"] = did;
    }

    private sealed class FailingSigner(PublicKey key) : ISigner
    {
        public PublicKey PublicKey => key;

        public ValueTask<byte[]> SignAsync(SigningPurpose purpose, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
            throw new TimeoutException("the key service is down");
    }
}
