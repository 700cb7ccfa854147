using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Records: only the session's own peer, once each, and only while its key counts.</summary>
[TestFixture]
internal sealed class ListenerRecordTests
{
    private TestPair pair = null!;
    private OpenRecordSession session = null!;

    [SetUp]
    public async Task OpenASession()
    {
        pair = new TestPair();
        session = await OpenRecordSession.OpenAsync(pair);
    }

    [TearDown]
    public void Close()
    {
        session.Dispose();
        pair.Dispose();
    }

    [Test]
    public async Task A_record_is_answered_by_a_record()
    {
        JsonObject envelope = session.Envelope(session.Seal("hello"));
        WireResponse answer = await session.SendAsync(envelope);
        Assert.That(session.Open(answer), Is.EqualTo("echo:hello"));
        Assert.That((answer.MessageId, answer.TaskId), Is.EqualTo((envelope["id"]!.GetValue<string>(), (string?)null)));
    }

    [Test]
    public async Task An_empty_message_is_a_message() => Assert.That(session.Open(await session.SendAsync(session.Seal(""))), Is.EqualTo("echo:"));

    [Test]
    public async Task The_handler_learns_the_peer()
    {
        SessionMessage? seen = null;
        pair.Handler = (message, token) =>
        {
            seen = message;
            return TestPair.Echo(message, token);
        };
        await session.SendAsync(session.Seal("hello"));
        Assert.That(seen!.Peer, Is.EqualTo(pair.Caller.Did));
        Assert.That(seen.ToString(), Does.Not.Contain("hello"));
    }

    [Test]
    public async Task A_record_opens_once_and_in_any_order()
    {
        byte[][] records = [.. Enumerable.Range(0, 5).Select(i => session.Seal($"{i}"))];
        foreach (int i in new[] { 4, 0, 2, 3, 1 })
        {
            Assert.That(session.Open(await session.SendAsync(records[i])), Is.EqualTo($"echo:{i}"));
        }

        foreach (byte[] record in records)
        {
            AssertRefused(await session.SendAsync(record));
        }
    }

    [Test]
    public async Task Copies_of_a_record_that_arrive_together_open_once()
    {
        byte[] record = session.Seal("hello");
        WireResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => session.SendAsync(record).AsTask())));
        Assert.That(answers.Count(answer => answer.Success), Is.EqualTo(1));
    }

    [Test]
    public async Task A_changed_or_cut_record_does_not_open()
    {
        byte[] record = session.Seal("a record to change");
        for (int i = 0; i < record.Length; i++)
        {
            byte[] changed = [.. record];
            changed[i] ^= (byte)(1 << (i % 8));
            AssertRefused(await session.SendAsync(changed), $"byte {i}");
        }

        for (int length = 1; length < record.Length; length++)
        {
            AssertRefused(await session.SendAsync(record[..length]), $"length {length}");
        }

        AssertRefused(await session.SendAsync([.. record, 0]));
        Assert.That(session.Open(await session.SendAsync(record)), Is.EqualTo("echo:a record to change"), "a refused record burns no sequence number");
    }

    [Test]
    public async Task A_record_with_additional_data_does_not_open() => AssertRefused(await session.SendAsync(session.Seal("x", [1])));

    [Test]
    public async Task A_reply_sent_back_does_not_open()
    {
        WireResponse answer = await session.SendAsync(session.Seal("hello"));
        AssertRefused(await session.SendAsync(answer.Data.ToArray()));
    }

    [Test]
    public async Task A_message_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        pair.Handler = (message, _) => ValueTask.FromResult(message.Content);
        string largest = new('x', AgentSessionOptions.MaxMessageSize);
        Assert.That(session.Open(await session.SendAsync(session.Seal(largest))), Is.EqualTo(largest));
        AssertRefused(await session.SendAsync(session.Seal(largest + "x")));
    }

    [Test]
    public async Task A_record_needs_its_session_context_and_sender()
    {
        using TestAgent other = new();
        pair.Directory.Publish(other);
        using OpenRecordSession second = await OpenRecordSession.OpenAsync(pair);
        using OpenRecordSession foreign = await OpenRecordSession.OpenAsync(pair, other);
        byte[] record = session.Seal("hello");
        (string What, Action<JsonObject> Bend)[] cases =
        [
            ("an unknown kid", e => e["metadata"]!["kid"] = "kid-00000000-0000-4000-8000-000000000000"),
            ("the kid of a second session", e => e["metadata"]!["kid"] = second.Kid),
            ("the kid of another agent", e => e["metadata"]!["kid"] = foreign.Kid),
            ("a whole other session", e =>
            {
                e["metadata"]!["kid"] = second.Kid;
                e["context_id"] = second.Context;
            }),
            ("no kid", e => e.Remove("metadata")),
            ("an empty kid", e => e["metadata"]!["kid"] = ""),
            ("a kid in another case", e => e["metadata"]!["kid"] = session.Kid.ToUpperInvariant()),
            ("a Kid", e => e["metadata"] = new JsonObject { ["Kid"] = session.Kid }),
            ("the context of a second session", e => e["context_id"] = second.Context),
            ("no context", e => e.Remove("context_id")),
            ("an empty context", e => e["context_id"] = ""),
            ("a task", e => e["task_id"] = "x"),
            ("the handshake's task", e => e["task_id"] = HandshakeText.Task),
            ("another sender", e => e["did"] = other.Did.Value),
            ("another sender with its signature", e =>
            {
                e["did"] = other.Did.Value;
                e["signature"] = Convert.ToBase64String(other.SignRaw(record));
            }),
            ("the signature of another", e => e["signature"] = Convert.ToBase64String(other.SignRaw(record))),
            ("no signature", e => e["signature"] = null),
            ("the signature missing", e => e.Remove("signature")),
            ("an empty signature", e => e["signature"] = ""),
            ("a short signature", e => e["signature"] = "AAAA"),
        ];
        foreach ((string what, Action<JsonObject> bend) in cases)
        {
            AssertRefused(await session.SendAsync(record, bend), what);
        }

        Assert.That(pair.Listener.SessionCount, Is.EqualTo(3));
        Assert.That(session.Open(await session.SendAsync(record)), Is.EqualTo("echo:hello"));
    }

    [TestCase("inactive")]
    [TestCase("revoked")]
    [TestCase("unproven")]
    public async Task A_session_ends_with_the_key_that_opened_it(string what)
    {
        pair.Directory.Publish(what switch
        {
            "inactive" => pair.Caller.Record(isActive: false),
            "revoked" => pair.Caller.Record(revoked: true),
            _ => pair.Caller.Record(proven: false),
        });
        byte[] record = session.Seal("hello");
        AssertRefused(await session.SendAsync(record));
        Assert.That(pair.Listener.SessionCount, Is.Zero);
        pair.Directory.Publish(pair.Caller);
        AssertRefused(await session.SendAsync(record), "what is closed stays closed");
    }

    [Test]
    public async Task A_source_that_is_down_or_old_refuses_but_does_not_close()
    {
        byte[] record = session.Seal("hello");
        pair.Directory.Failure = new InvalidOperationException("down");
        AssertRefused(await session.SendAsync(record));
        pair.Directory.Failure = null;
        pair.Directory.Age = TimeSpan.FromMinutes(6);
        AssertRefused(await session.SendAsync(record));
        pair.Directory.Age = TimeSpan.Zero;
        Assert.That(session.Open(await session.SendAsync(record)), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task A_forged_record_cannot_end_a_session()
    {
        using TestAgent other = new();
        byte[] record = session.Seal("hello");
        pair.Directory.Publish(pair.Caller.Record(isActive: false));
        AssertRefused(await session.SendAsync(record, e => e["signature"] = Convert.ToBase64String(other.SignRaw(record))));
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_throws_gives_one_answer_and_tells_the_log_no_plaintext()
    {
        pair.Handler = (message, _) => throw new FormatException("cannot read " + System.Text.Encoding.UTF8.GetString(message.Content.Span));
        WireResponse answer = await session.SendAsync(session.Seal("very private"));
        Assert.That((answer.Success, answer.Error, answer.Data.Length), Is.EqualTo((false, "request failed", 0)));
        Assert.That(pair.Logs.All, Does.Contain(nameof(FormatException)).And.Not.Contain("very private"));
        pair.Handler = TestPair.Echo;
        Assert.That(session.Open(await session.SendAsync(session.Seal("hello"))), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task A_reply_over_the_limit_is_not_sent()
    {
        pair.Handler = (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[AgentSessionOptions.MaxMessageSize + 1]);
        WireResponse answer = await session.SendAsync(session.Seal("hello"));
        Assert.That((answer.Success, answer.Error), Is.EqualTo((false, "request failed")));
    }

    [Test]
    public async Task A_session_carries_a_thousand_messages_and_makes_room()
    {
        for (int i = 0; i < 500; i++)
        {
            Assert.That(session.Open(await session.SendAsync(session.Seal($"{i}"))), Is.EqualTo($"echo:{i}"));
        }

        Assert.That(pair.Listener.SessionCount, Is.Zero);
    }

    [Test]
    public async Task A_session_without_room_for_the_reply_ends()
    {
        pair.Handler = (_, _) => throw new InvalidOperationException("no reply");
        await session.SendAsync(session.Seal("no reply"));
        pair.Handler = TestPair.Echo;
        for (int i = 0; i < 499; i++)
        {
            Assert.That((await session.SendAsync(session.Seal($"{i}"))).Success, Is.True);
        }

        Assert.That(pair.Listener.SessionCount, Is.Zero, "the last message could not be answered any more");
    }

    [Test]
    public async Task A_session_ends_after_ten_idle_minutes_or_one_hour()
    {
        for (int i = 0; i < 6; i++)
        {
            pair.Time.Advance(TimeSpan.FromMinutes(9.9));
            Assert.That(session.Open(await session.SendAsync(session.Seal("still here"))), Is.EqualTo("echo:still here"), $"{i}");
        }

        byte[] record = session.Seal("too late");
        pair.Time.Advance(TimeSpan.FromMinutes(0.6));
        AssertRefused(await session.SendAsync(record));
        Assert.That(pair.Listener.SessionCount, Is.Zero);

        using OpenRecordSession idle = await OpenRecordSession.OpenAsync(pair);
        record = idle.Seal("too late");
        pair.Time.Advance(TimeSpan.FromMinutes(10));
        AssertRefused(await idle.SendAsync(record));
    }

    [Test]
    public void Keys_of_idle_sessions_are_erased_without_traffic()
    {
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
        pair.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That(pair.Listener.SessionCount, Is.Zero);
    }

    [Test]
    public async Task A_disposed_listener_has_no_sessions_and_opens_none()
    {
        byte[] record = session.Seal("hello");
        pair.Listener.Dispose();
        AssertRefused(await session.SendAsync(record));
        using Initiation initiation = pair.Initiation();
        ListenerHandshakeTests.AssertRefused(await pair.SendAsync(initiation.ToBody()), initiation);
        Assert.That(pair.Listener.SessionCount, Is.Zero);
    }

    private static void AssertRefused(WireResponse answer, string? what = null) =>
        Assert.That((answer.Success, answer.Error, answer.Data.Length), Is.EqualTo((false, "authentication failed", 0)), what);
}
