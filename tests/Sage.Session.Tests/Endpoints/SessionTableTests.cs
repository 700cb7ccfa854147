using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Sage.Did;

namespace Sage.Session.Tests.Endpoints;

/// <summary>The table is bounded, forgets what is over, and never scans.</summary>
[TestFixture]
internal sealed class SessionTableTests
{
    private static readonly AgentDid Alice = AgentDid.Parse("did:sage:ethereum:0xa");
    private static readonly AgentDid Bob = AgentDid.Parse("did:sage:ethereum:0xb");
    private readonly List<(string Kid, SessionEndReason Reason)> ended = [];
    private FakeTimeProvider time = null!;

    [SetUp]
    public void Reset()
    {
        time = new FakeTimeProvider();
        ended.Clear();
    }

    [Test]
    public void A_session_is_found_by_its_handle_and_erased_when_removed()
    {
        using SessionTable table = Table();
        ResponderSession session = Session("k1", Alice);
        Assert.That(table.TryAdd(session), Is.True);
        Assert.That((table.TryFind("k1", out ResponderSession? found), found), Is.EqualTo((true, session)));
        Assert.That(table.TryFind("k2", out _), Is.False);
        table.Remove(session, SessionEndReason.Error);
        table.Remove(session, SessionEndReason.Error);
        Assert.That(table.TryFind("k1", out _), Is.False);
        Assert.That(ended, Is.EqualTo(new[] { ("k1", SessionEndReason.Error) }));
        Assert.That(() => session.Cipher.Seal([], default, new byte[36]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Full_is_full_in_total_and_per_peer()
    {
        using SessionTable table = Table(capacity: 3, perPeer: 2);
        Assert.That(table.TryAdd(Session("a1", Alice)), Is.True);
        Assert.That(table.TryAdd(Session("a2", Alice)), Is.True);
        Assert.That((table.HasRoom(Alice), table.HasRoom(Bob)), Is.EqualTo((false, true)));
        Assert.That(table.TryAdd(Session("a3", Alice)), Is.False);
        Assert.That(table.TryAdd(Session("b1", Bob)), Is.True);
        Assert.That(table.TryAdd(Session("b2", Bob)), Is.False);
        Assert.That(table.Count, Is.EqualTo(3));
    }

    [Test]
    public void The_sessions_of_a_peer_are_found_while_they_are_there()
    {
        using SessionTable table = Table();
        ResponderSession[] sessions = [Session("a1", Alice), Session("b", Bob), Session("a2", Alice)];
        Assert.That(sessions.Select(table.TryAdd), Has.All.True);
        Assert.That(table.Of(Alice), Is.EqualTo(new[] { sessions[0], sessions[2] }));
        table.Remove(sessions[0], SessionEndReason.Revoked);
        Assert.That(table.Of(Alice), Is.EqualTo(new[] { sessions[2] }));
        table.Remove(sessions[2], SessionEndReason.Revoked);
        Assert.That((table.Of(Alice), table.Of(Bob)), Is.EqualTo((Array.Empty<ResponderSession>(), new[] { sessions[1] })));
    }

    [Test]
    public void A_handle_is_not_given_twice()
    {
        using SessionTable table = Table();
        Assert.That(table.TryAdd(Session("k", Alice)), Is.True);
        Assert.That(table.TryAdd(Session("k", Bob)), Is.False);
        Assert.That(table.HasRoom(Bob), Is.True);
    }

    [Test]
    public void Idle_and_old_sessions_make_room_and_used_ones_stay()
    {
        using SessionTable table = Table(capacity: 3, perPeer: 3);
        ResponderSession used = Session("used", Alice);
        table.TryAdd(used);
        table.TryAdd(Session("idle", Alice));
        time.Advance(TimeSpan.FromMinutes(9));
        table.Touch(used);
        table.TryAdd(Session("young", Bob));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(table.TryFind("idle", out _), Is.False);
        Assert.That((table.TryFind("used", out _), table.TryFind("young", out _)), Is.EqualTo((true, true)));

        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromMinutes(9.9));
            table.Touch(used);
        }

        time.Advance(TimeSpan.FromMinutes(0.6));
        Assert.That(table.HasRoom(Alice), Is.True);
        Assert.That(table.Count, Is.Zero, "used all the time, but an hour old");
        Assert.That(ended.Select(entry => entry.Reason), Has.All.EqualTo(SessionEndReason.Expired));
    }

    [Test]
    public void A_call_evicts_a_few_and_all_calls_together_everything()
    {
        using SessionTable table = Table(capacity: 1000, perPeer: 1000);
        for (int i = 0; i < 1000; i++)
        {
            table.TryAdd(Session($"{i}", Alice));
        }

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(table.HasRoom(Bob), Is.True);
        Assert.That(table.Count, Is.InRange(900, 999));
        for (int i = 0; i < 200; i++)
        {
            Assert.That(table.HasRoom(Bob) && table.TryAdd(Session($"b{i}", Bob)), Is.True);
        }

        Assert.That(table.Count, Is.EqualTo(200));
        Assert.That(table.EvictExpired(10), Is.Zero);
    }

    [Test]
    public void Disposing_erases_everything_and_takes_nothing_more()
    {
        SessionTable table = Table();
        ResponderSession session = Session("k1", Alice);
        table.TryAdd(session);
        table.TryAdd(Session("k2", Bob));
        table.Dispose();
        table.Dispose();
        Assert.That(ended.Select(entry => entry.Reason), Is.EqualTo(new[] { SessionEndReason.Closed, SessionEndReason.Closed }));
        Assert.That(() => session.Cipher.Seal([], default, new byte[36]), Throws.InstanceOf<ObjectDisposedException>());
        ResponderSession late = Session("k3", Alice);
        Assert.That(table.TryAdd(late), Is.False);
        late.Cipher.Dispose();
    }

    [Test]
    public void Threads_that_add_find_and_remove_leave_an_exact_count()
    {
        using SessionTable table = Table(capacity: 100_000, perPeer: 100_000);
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 500; i++)
            {
                ResponderSession session = Session($"{thread} {i}", thread % 2 == 0 ? Alice : Bob);
                table.TryAdd(session);
                table.TryFind(session.Kid, out _);
                table.Touch(session);
                if (i % 2 == 0)
                {
                    table.Remove(session, SessionEndReason.Closed);
                }
            }
        });
        Assert.That(table.Count, Is.EqualTo(2000));
    }

    private SessionTable Table(int capacity = 10, int perPeer = 10) =>
        new(capacity, perPeer, SessionLimits.Default, time, (session, reason) =>
        {
            lock (ended)
            {
                ended.Add((session.Kid, reason));
            }
        });

    private ResponderSession Session(string kid, AgentDid peer) => new(
        kid,
        "ctx",
        peer,
        Keys.PublicKey,
        SessionCipher.Create(RandomNumberGenerator.GetBytes(32), isInitiator: false, time),
        time.GetTimestamp());

    private static readonly Sage.Crypto.KeySigner Keys = new(Sage.Crypto.PrivateKey.Generate(Sage.Crypto.KeyAlgorithm.Ed25519));
}
