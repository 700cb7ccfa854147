using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sage.Did;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Sessions end when their peer's key is reported as changed and no longer counts, although nobody sends.</summary>
[TestFixture]
internal sealed class RecheckTests
{
    [TestCase("inactive")]
    [TestCase("revoked")]
    [TestCase("unproven")]
    public async Task The_listener_ends_the_sessions_of_a_peer_whose_key_is_gone_and_no_others(string what)
    {
        using TestPair pair = new();
        using TestAgent other = new();
        pair.Directory.Publish(other);
        using OpenRecordSession first = await OpenRecordSession.OpenAsync(pair);
        using OpenRecordSession second = await OpenRecordSession.OpenAsync(pair);
        using OpenRecordSession others = await OpenRecordSession.OpenAsync(pair, other);
        pair.Directory.Publish(Gone(pair.Caller, what));
        await pair.Listener.RecheckAsync(other.Did);
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(3));
        await pair.Listener.RecheckAsync(pair.Caller.Did);
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
        Assert.That(others.Open(await others.SendAsync(others.Seal("hello"))), Is.EqualTo("echo:hello"));
        Assert.That(pair.Logs.All, Does.Contain(nameof(SessionEndReason.Revoked)));
    }

    [Test]
    public async Task The_listener_ends_nothing_when_the_key_still_counts_or_nothing_is_known()
    {
        using TestPair pair = new();
        using TestAgent next = new();
        using OpenRecordSession session = await OpenRecordSession.OpenAsync(pair);
        pair.Directory.Publish(pair.Caller.RecordWithNewKeyFirst(next));
        await pair.Listener.RecheckAsync(pair.Caller.Did);
        pair.Directory.Publish(pair.Caller.Record(revoked: true));
        pair.Directory.Failure = new InvalidOperationException("down");
        await pair.Listener.RecheckAsync(pair.Caller.Did);
        pair.Directory.Failure = null;
        pair.Directory.Age = TimeSpan.FromMinutes(6);
        await pair.Listener.RecheckAsync(pair.Caller.Did);
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(1));
        pair.Directory.Age = TimeSpan.Zero;
        await pair.Listener.RecheckAsync(pair.Caller.Did);
        Assert.That(pair.Listener.SessionCount, Is.Zero);
    }

    [Test]
    public async Task A_peer_without_sessions_is_not_looked_up()
    {
        using TestPair pair = new();
        using TestAgent stranger = new();
        AgentSession closed = await pair.Client.OpenAsync(pair.Callee.Did);
        await closed.DisposeAsync();
        int before = pair.Directory.Lookups;
        await pair.Listener.RecheckAsync(stranger.Did);
        await pair.Client.RecheckAsync(stranger.Did);
        await pair.Client.RecheckAsync(pair.Callee.Did);
        Assert.That(pair.Directory.Lookups, Is.EqualTo(before));
    }

    [TestCase("inactive")]
    [TestCase("revoked")]
    public async Task The_client_closes_its_sessions_and_says_why(string what)
    {
        using TestPair pair = new();
        await using AgentSession first = await pair.Client.OpenAsync(pair.Callee.Did);
        await using AgentSession second = await pair.Client.OpenAsync(pair.Callee.Did);
        await pair.Client.RecheckAsync(pair.Callee.Did);
        Assert.That((first.IsOpen, second.IsOpen), Is.EqualTo((true, true)));
        pair.Directory.Publish(Gone(pair.Callee, what));
        await pair.Client.RecheckAsync(pair.Callee.Did);
        Assert.That((first.IsOpen, second.IsOpen), Is.EqualTo((false, false)));
        int sent = pair.Transport.Sent.Count;
        Assert.That(await ErrorAsync(first), Is.EqualTo(SessionError.PeerKeyRevoked));
        Assert.That(pair.Transport.Sent, Has.Count.EqualTo(sent));
    }

    [Test]
    public async Task The_client_closes_nothing_when_the_source_is_down()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Directory.Publish(pair.Callee.Record(revoked: true));
        pair.Directory.Failure = new InvalidOperationException("down");
        await pair.Client.RecheckAsync(pair.Callee.Did);
        Assert.That(session.IsOpen, Is.True);
    }

    [Test]
    public async Task A_request_under_way_is_given_up_when_the_peers_key_is_gone()
    {
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Transport.OnSend = async (_, token) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        Task<SessionError?>[] requests = [.. Enumerable.Range(0, 3).Select(_ => ErrorAsync(session))];
        await reached.Task;
        pair.Directory.Publish(pair.Callee.Record(revoked: true));
        await pair.Client.RecheckAsync(pair.Callee.Did);
        Assert.That(await Task.WhenAll(requests), Has.All.EqualTo(SessionError.PeerKeyRevoked));
    }

    [Test]
    public async Task A_document_without_a_record_keeps_a_session_while_it_lists_the_key_at_any_place()
    {
        using TestPair pair = new();
        using TestAgent next = new();
        DocumentSource source = new(pair.Directory) { Authentication = [pair.Callee.Signer.PublicKey] };
        SessionClient client = new(pair.Caller.Local, source, pair.Transport, pair.Options, pair.Time);
        await using AgentSession session = await client.OpenAsync(pair.Callee.Did, new Uri("http://127.0.0.1:1"));
        source.Authentication = [next.Signer.PublicKey, pair.Callee.Signer.PublicKey];
        await client.RecheckAsync(pair.Callee.Did);
        Assert.That(await ErrorAsync(session), Is.Null);
        source.Authentication = [next.Signer.PublicKey];
        await client.RecheckAsync(pair.Callee.Did);
        Assert.That(session.IsOpen, Is.False);
    }

    [Test]
    public async Task In_a_container_a_report_ends_sessions_at_both_ends_until_it_is_disposed()
    {
        using TestPair pair = new();
        using TestAgent agent = new();
        DidChanges changes = new();
        pair.Directory.Publish(agent);
        ServiceCollection services = new();
        services.AddSingleton<IDidResolver>(pair.Directory).AddSingleton<TimeProvider>(pair.Time).AddSingleton<ISessionTransport>(pair.Transport).AddSingleton(changes);
        services.AddSage().AddAgent(pair.Caller.Local).AddSessions(options => options.Accept = AcceptRule.Anyone);
        AgentSession session;
        SessionClient client;
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            client = provider.GetRequiredService<SessionClient>();
            SessionListener listener = provider.GetRequiredService<SessionListener>();
            SessionClient back = new(agent.Local, pair.Directory, new LoopTransport(listener, TestPair.Echo), pair.Options, pair.Time);
            await using AgentSession incoming = await back.OpenAsync(pair.Caller.Did);
            await using AgentSession outgoing = await client.OpenAsync(pair.Callee.Did);
            pair.Directory.Publish(agent.Record(revoked: true));
            pair.Directory.Publish(pair.Callee.Record(revoked: true));
            changes.Report(agent.Did);
            changes.Report(pair.Callee.Did);
            Assert.That(() => (listener.SessionCount, outgoing.IsOpen), Is.EqualTo((0, false)).After(10_000, 10));
            pair.Directory.Publish(pair.Callee);
            session = await client.OpenAsync(pair.Callee.Did);
        }

        int before = pair.Directory.Lookups;
        changes.Report(pair.Callee.Did);
        Assert.That((pair.Directory.Lookups, session.IsOpen), Is.EqualTo((before, true)));
        await session.DisposeAsync();
    }

    private static AgentRecord Gone(TestAgent agent, string what) => what switch
    {
        "inactive" => agent.Record(isActive: false),
        "revoked" => agent.Record(revoked: true),
        _ => agent.Record(proven: false),
    };

    private static async Task<SessionError?> ErrorAsync(AgentSession session)
    {
        try
        {
            await session.RequestAsync(Encoding.UTF8.GetBytes("hello"));
            return null;
        }
        catch (SessionException exception)
        {
            return exception.Error;
        }
    }

    /// <summary>Answers with documents and no records, as a chain does.</summary>
    private sealed class DocumentSource(TestDirectory directory) : IDidResolver
    {
        public IReadOnlyList<Crypto.PublicKey> Authentication { get; set; } = [];

        public async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
        {
            DidResolution known = await directory.ResolveAsync(did, cancellationToken);
            return new DidResolution(did, known.Status, known.Source, known.ObservedAt)
            {
                Document = new DidDocument
                {
                    Id = did,
                    Authentication = [.. Authentication.Select((key, index) => new VerificationMethod($"key-{index + 1}", key))],
                    KeyAgreement = known.Document!.KeyAgreement,
                },
            };
        }
    }
}
