using System.Text;
using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

/// <summary>The asking side: renewal, closing, and what an answer must be.</summary>
[TestFixture]
internal sealed class AgentSessionTests
{
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1];

    [TestCaseSource(nameof(Algorithms))]
    public async Task Six_hundred_requests_take_two_sessions(KeyAlgorithm algorithm)
    {
        using TestPair pair = new(algorithm);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        for (int i = 0; i < 600; i++)
        {
            Assert.That(await TestPair.AskAsync(session, $"message {i}"), Is.EqualTo($"echo:message {i}"));
        }

        int handshakes = pair.Transport.Sent.Count(message => message.TaskId == HandshakeText.Task);
        string[] kids = [.. pair.Transport.Sent.Where(message => message.TaskId is null).Select(message => message.Metadata["kid"])];
        Assert.That(handshakes, Is.EqualTo(2));
        Assert.That(kids.GroupBy(kid => kid).Select(group => group.Count()), Is.EqualTo(new[] { 500, 100 }));
    }

    [Test]
    public async Task Requests_at_once_wait_for_each_other()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        int inside = 0;
        int most = 0;
        pair.Transport.OnSend = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        };
        string[] replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => TestPair.AskAsync(session, $"{i}"))));
        Assert.That(replies, Is.EquivalentTo(Enumerable.Range(0, 50).Select(i => $"echo:{i}")));
        Assert.That(most, Is.EqualTo(1));
    }

    [TestCase(10)]
    [TestCase(60)]
    public async Task A_session_whose_time_is_up_is_renewed_before_sending(int minutes)
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(await TestPair.AskAsync(session, "first"), Is.EqualTo("echo:first"));
        pair.Time.Advance(TimeSpan.FromMinutes(minutes));
        Assert.That(await TestPair.AskAsync(session, "second"), Is.EqualTo("echo:second"));
        Assert.That(pair.Transport.Sent.Count(message => message.TaskId is not null), Is.EqualTo(2));
    }

    [Test]
    public async Task A_renewal_that_fails_may_be_tried_again()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Time.Advance(TimeSpan.FromMinutes(11));
        pair.Transport.OnSend = (_, _) => throw new SessionException(SessionError.Unreachable, "down");
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Unreachable));
        pair.Transport.OnSend = null;
        Assert.That(await TestPair.AskAsync(session, "again"), Is.EqualTo("echo:again"));
    }

    [Test]
    public async Task The_largest_message_passes_and_a_larger_one_is_not_sent()
    {
        using TestPair pair = new();
        pair.Handler = (message, _) => ValueTask.FromResult(message.Content);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        byte[] largest = new byte[AgentSessionOptions.MaxMessageSize];
        Assert.That((await session.RequestAsync(largest)).Content.Length, Is.EqualTo(largest.Length));
        int sent = pair.Transport.Sent.Count;
        Assert.ThrowsAsync<ArgumentException>(async () => await session.RequestAsync(new byte[largest.Length + 1]));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(sent));
        Assert.That(await TestPair.AskAsync(session, "still open"), Is.EqualTo("still open"));
    }

    [Test]
    public async Task A_request_that_was_sent_and_failed_closes_the_session()
    {
        (string What, Action<LoopTransport> Break, SessionError Error)[] cases =
        [
            ("refused", t => t.OnAnswer = (m, _) => WireResponse.Failed(m, "authentication failed"), SessionError.Refused),
            ("refused with the reply", t => t.OnAnswer = (m, a) => WireResponse.Failed(m, "x", a.Data), SessionError.Refused),
            ("a cookie challenge", t => t.OnAnswer = (m, _) => WireResponse.Failed(m, CookieChallenge.Error, CookieChallenge.Write("abc")), SessionError.Refused),
            ("no data", t => t.OnAnswer = (m, _) => WireResponse.Succeeded(m, default), SessionError.InvalidResponse),
            ("too short", t => t.OnAnswer = (m, a) => WireResponse.Succeeded(m, a.Data[..35]), SessionError.InvalidResponse),
            ("cut", t => t.OnAnswer = (m, a) => WireResponse.Succeeded(m, a.Data[..^1]), SessionError.AuthenticationFailed),
            ("longer", t => t.OnAnswer = (m, a) => WireResponse.Succeeded(m, (byte[])[.. a.Data.Span, 0]), SessionError.AuthenticationFailed),
            ("too large", t => t.OnAnswer = (m, _) => WireResponse.Succeeded(m, new byte[AgentSessionOptions.MaxMessageSize + 37]), SessionError.InvalidResponse),
            ("the request reflected", t => t.OnAnswer = (m, _) => WireResponse.Succeeded(m, m.Payload), SessionError.AuthenticationFailed),
            ("unreachable", t => t.OnSend = (_, _) => throw new SessionException(SessionError.Unreachable, "down"), SessionError.Unreachable),
        ];
        foreach ((string what, Action<LoopTransport> @break, SessionError error) in cases)
        {
            using TestPair pair = new();
            await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
            @break(pair.Transport);
            Assert.That(await ErrorAsync(session), Is.EqualTo(error), what);
            pair.Transport.OnAnswer = null;
            pair.Transport.OnSend = null;
            int sent = pair.Transport.Sent.Count;
            Assert.That(session.IsOpen, Is.False, what);
            Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Closed), what);
            Assert.That(pair.Transport.Sent, Has.Count.EqualTo(sent), what);
        }
    }

    [Test]
    public async Task Every_changed_byte_of_a_reply_is_noticed()
    {
        using TestPair pair = new();
        int length = "echo:hello".Length + SessionCipher.Overhead;
        for (int i = 0; i < length; i++)
        {
            await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
            int at = i;
            pair.Transport.OnAnswer = (message, answer) =>
            {
                byte[] data = answer.Data.ToArray();
                data[at] ^= (byte)(1 << (at % 8));
                return WireResponse.Succeeded(message, data);
            };
            Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.AuthenticationFailed), $"byte {i}");
            pair.Transport.OnAnswer = null;
            pair.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Test]
    public async Task A_reply_to_an_earlier_request_does_not_open()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        ReadOnlyMemory<byte> earlier = default;
        pair.Transport.OnAnswer = (_, answer) =>
        {
            earlier = answer.Data;
            return answer;
        };
        await TestPair.AskAsync(session, "first");
        pair.Transport.OnAnswer = (message, _) => WireResponse.Succeeded(message, earlier);
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.AuthenticationFailed));
    }

    [Test]
    public async Task A_peer_that_does_not_answer_in_ten_seconds_is_given_up()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        TaskCompletionSource reached = new();
        pair.Transport.OnSend = (_, token) =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        Task<SessionError?> request = ErrorAsync(session);
        await reached.Task;
        pair.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(request.IsCompleted, Is.False);
        pair.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(await request, Is.EqualTo(SessionError.Unreachable));
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Closed));
    }

    [Test]
    public async Task A_handshake_with_a_peer_that_does_not_answer_is_given_up_after_ten_seconds()
    {
        using TestPair pair = new();
        TaskCompletionSource reached = new();
        pair.Transport.OnSend = (_, token) =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        Task<AgentSession> opening = pair.Client.OpenAsync(pair.Callee.Did).AsTask();
        await reached.Task;
        pair.Time.Advance(TimeSpan.FromSeconds(10));
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await opening);
        Assert.That((error!.Error, error.IsUnreachable), Is.EqualTo((SessionError.Unreachable, true)));
    }

    [Test]
    public async Task A_cancelled_request_that_was_sent_closes_the_session()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        using CancellationTokenSource cancel = new();
        pair.Transport.OnSend = (_, token) =>
        {
            cancel.Cancel();
            token.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };
        Assert.CatchAsync<OperationCanceledException>(async () => await session.RequestAsync("x"u8.ToArray(), cancel.Token));
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Closed));
    }

    [Test]
    public async Task A_request_cancelled_before_it_was_sent_leaves_the_session_open()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.CatchAsync<OperationCanceledException>(async () => await session.RequestAsync("x"u8.ToArray(), new CancellationToken(true)));
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task Disposing_gives_up_the_request_under_way_and_those_that_wait()
    {
        using TestPair pair = new();
        AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        TaskCompletionSource reached = new();
        pair.Transport.OnSend = (_, token) =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        Task<SessionError?>[] requests = [.. Enumerable.Range(0, 5).Select(_ => ErrorAsync(session))];
        await reached.Task;
        await session.DisposeAsync();
        await session.DisposeAsync();
        Assert.That(await Task.WhenAll(requests), Has.All.EqualTo(SessionError.Closed));
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Closed));
    }

    [TestCase("inactive")]
    [TestCase("revoked")]
    [TestCase("unproven")]
    public async Task A_peer_whose_key_is_gone_gets_no_further_message(string what)
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        await TestPair.AskAsync(session, "hello");
        int sent = pair.Transport.Sent.Count;
        pair.Directory.Publish(what switch
        {
            "inactive" => pair.Callee.Record(isActive: false),
            "revoked" => pair.Callee.Record(revoked: true),
            _ => pair.Callee.Record(proven: false),
        });
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.PeerKeyRevoked));
        pair.Directory.Publish(pair.Callee);
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Closed));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(sent));
    }

    [Test]
    public async Task A_source_that_is_down_or_old_stops_a_request_but_not_the_session()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Directory.Failure = new InvalidOperationException("down");
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Unreachable));
        pair.Directory.Failure = null;
        pair.Directory.Age = TimeSpan.FromMinutes(6);
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.ResolutionTooOld));
        pair.Directory.Age = TimeSpan.Zero;
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task A_source_that_hangs_is_given_up_without_closing_the_session()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        TaskCompletionSource gate = new();
        pair.Directory.Gate = gate.Task;
        Task<SessionError?> request = ErrorAsync(session);
        pair.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await request, Is.EqualTo(SessionError.Unreachable));
        gate.SetResult();
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public void A_peer_that_may_not_be_trusted_is_not_called()
    {
        using TestPair pair = new();
        (string What, Action<TestPair> Publish, SessionError Error)[] cases =
        [
            ("inactive", p => p.Directory.Publish(p.Callee.Record(isActive: false)), SessionError.PeerNotFound),
            ("unproven", p => p.Directory.Publish(p.Callee.Record(proven: false)), SessionError.PeerNotUsable),
            ("not verified", p => p.Directory.Publish(p.Callee.Record(verified: false)), SessionError.PeerNotUsable),
            ("revoked", p => p.Directory.Publish(p.Callee.Record(revoked: true)), SessionError.PeerNotUsable),
            ("no agreement key", p => p.Directory.Publish(p.Callee.Record(withAgreementKey: false)), SessionError.PeerNotUsable),
            ("no endpoint", p => p.Callee.Endpoint = "", SessionError.PeerNotUsable),
            ("an endpoint that is no URL", p => p.Callee.Endpoint = "not a url", SessionError.PeerNotUsable),
            ("too old", p => p.Directory.Age = TimeSpan.FromMinutes(6), SessionError.ResolutionTooOld),
            ("resolver down", p => p.Directory.Failure = new InvalidOperationException("down"), SessionError.Unreachable),
        ];
        foreach ((string what, Action<TestPair> publish, SessionError expected) in cases)
        {
            publish(pair);
            if (what.Contains("endpoint", StringComparison.Ordinal))
            {
                pair.Directory.Publish(pair.Callee);
            }

            SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did), what);
            Assert.That(error!.Error, Is.EqualTo(expected), what);
            pair.Directory.Age = TimeSpan.Zero;
            pair.Directory.Failure = null;
        }

        using TestAgent unknown = new();
        SessionException? notFound = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(unknown.Did));
        Assert.That(notFound!.Error, Is.EqualTo(SessionError.PeerNotFound));
        Assert.That(pair.Transport.Sent, Is.Empty);
    }

    [Test]
    public async Task A_base_url_replaces_the_endpoint_of_the_record()
    {
        using TestPair pair = new();
        pair.Callee.Endpoint = "";
        pair.Directory.Publish(pair.Callee);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did, new Uri("http://127.0.0.1:2/other"));
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public void An_impostor_at_the_endpoint_is_noticed()
    {
        using TestPair pair = new();
        using TestAgent impostor = new();
        pair.Directory.Publish(impostor);
        using SessionListener listener = new(new LocalAgent(pair.Callee.Did, impostor.Signer, impostor.Local.KeyAgreementKey), pair.Directory, pair.Nonces, pair.Options, pair.Time);
        SessionClient client = new(pair.Caller.Local, pair.Directory, new LoopTransport(listener, TestPair.Echo), timeProvider: pair.Time);
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.AuthenticationFailed));
    }

    [Test]
    public async Task After_a_rotation_open_sessions_go_on_while_the_old_key_counts()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        await TestPair.AskAsync(session, "before");
        using TestAgent next = new();
        pair.Directory.Publish(pair.Caller.RecordWithNewKeyFirst(next));
        Assert.That(await TestPair.AskAsync(session, "after"), Is.EqualTo("echo:after"));
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.Refused), "a new handshake needs the new key");
    }

    [Test]
    public async Task No_log_of_any_level_holds_a_key_or_a_plaintext()
    {
        const string Secret = "a very private sentence";
        using TestPair pair = new(configure: options => options.RequireCookie = true);
        await using (AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did))
        {
            await TestPair.AskAsync(session, Secret);
            pair.Handler = (_, _) => throw new InvalidOperationException(Secret);
            await ErrorAsync(session, Secret);
        }

        pair.Handler = TestPair.Echo;
        await using (AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did))
        {
            pair.Directory.Publish(pair.Callee.Record(isActive: false));
            await ErrorAsync(session, Secret);
        }

        string log = pair.Logs.All;
        Assert.That(pair.Logs.Entries, Has.Count.GreaterThan(5));
        foreach (string text in TestAgent.Forms(Encoding.UTF8.GetBytes(Secret)).Concat(pair.Callee.SecretForms()).Concat(pair.Caller.SecretForms()))
        {
            Assert.That(log, Does.Not.Contain(text).IgnoreCase);
        }

        foreach (WireMessage message in pair.Transport.Sent)
        {
            Assert.That(log, Does.Not.Contain(Convert.ToBase64String(message.Payload.Span)));
        }
    }

    private static async Task<SessionError?> ErrorAsync(AgentSession session, string text = "hello")
    {
        try
        {
            await session.RequestAsync(Encoding.UTF8.GetBytes(text));
            return null;
        }
        catch (SessionException exception)
        {
            return exception.Error;
        }
    }
}
