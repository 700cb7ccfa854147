using Sage.Tests.Contracts;

namespace Sage.Session.Tests.Endpoints;

/// <summary>How sessions in a store begin, age and end, and what a node holds of them.</summary>
[TestFixture]
internal sealed class SharedSessionLifeTests
{
    [Test]
    public async Task A_session_that_the_store_has_no_room_for_is_refused_and_leaves_nothing_behind()
    {
        using TestNodes nodes = new(capacity: 2, capacityPerPeer: 1);
        using TestAgent other = new();
        nodes.Pair.Directory.Publish(other);
        using OpenRecordSession first = await nodes.OpenAsync();
        using Initiation refused = nodes.Pair.Initiation();

        Assert.That((await nodes.Pair.SendAsync(refused.ToBody())).Success, Is.False);
        using OpenRecordSession second = await nodes.OpenAsync(other);
        Assert.That(nodes.A.SessionCount, Is.EqualTo(2));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("capacity"));
    }

    [Test]
    public async Task A_session_ends_after_its_last_message_wherever_it_was_counted()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        for (int i = 0; i < 500; i++)
        {
            await nodes.AskAsync(i % 2 == 0 ? nodes.A : nodes.B, session, "m");
        }

        Assert.That(await nodes.Memory.FindAsync(session.Kid), Is.Null);
        byte[] late = new byte[SessionCipher.Overhead];
        Assert.That((await nodes.SendAsync(nodes.A, session, late)).Success, Is.False);
        Assert.That((await nodes.SendAsync(nodes.B, session, late)).Success, Is.False);
        Assert.That(nodes.Delivered, Has.Count.EqualTo(500));
    }

    [Test]
    public async Task Stopping_a_node_leaves_the_sessions_to_the_others()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        nodes.A.Dispose();

        await nodes.AskAsync(nodes.B, session, "hello");
        Assert.That((await nodes.SendAsync(nodes.A, session, session.Seal("to who is stopped"))).Success, Is.False);
    }

    [Test]
    public async Task A_copy_that_was_idle_here_goes_on_when_the_session_was_used_elsewhere()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        for (int i = 0; i < 4; i++)
        {
            nodes.Pair.Time.Advance(TimeSpan.FromMinutes(9));
            await nodes.AskAsync(nodes.B, session, "still here");
        }

        await nodes.AskAsync(nodes.A, session, "and here");
    }

    [TestCase(11, 0)]
    [TestCase(61, 9)]
    public async Task Age_and_idle_time_go_on_over_a_restart_even_if_the_store_forgets_nothing(int minutes, int every)
    {
        using TestNodes nodes = new();

        // Its clock stands still, so it never lets a session expire.
        MemorySessionStore store = new(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(nodes.Pair.Time.GetUtcNow()));
        nodes.Pair.Listener = nodes.Start(store);
        using OpenRecordSession session = await nodes.OpenAsync();
        await nodes.AskAsync(nodes.Pair.Listener, session, "in time");
        for (int passed = every; every > 0 && passed < 60; passed += every)
        {
            nodes.Pair.Time.Advance(TimeSpan.FromMinutes(every));
            await nodes.AskAsync(nodes.Start(store), session, "in time");
            minutes -= every;
        }

        nodes.Pair.Time.Advance(TimeSpan.FromMinutes(minutes));
        int before = nodes.Delivered.Count;

        Assert.That((await nodes.SendAsync(nodes.Start(store), session, Forever(session))).Success, Is.False);
        Assert.That((await nodes.SendAsync(nodes.Pair.Listener, session, Forever(session))).Success, Is.False);
        Assert.That(nodes.Delivered, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task A_node_holds_a_bounded_number_of_copies_and_answers_in_all_sessions()
    {
        using TestNodes nodes = new(configure: options => options.MaxSessions = 2);
        List<OpenRecordSession> sessions = [];
        for (int i = 0; i < 6; i++)
        {
            sessions.Add(await nodes.OpenAsync());
        }

        for (int round = 0; round < 3; round++)
        {
            foreach (OpenRecordSession session in sessions)
            {
                Assert.That(await nodes.AskAsync(nodes.A, session, "hello"), Is.EqualTo(round));
                Assert.That(nodes.A.SessionCount, Is.LessThanOrEqualTo(2));
            }
        }

        sessions.ForEach(session => session.Dispose());
    }

    [Test]
    public async Task A_record_of_a_revoked_key_ends_the_session_everywhere()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        await nodes.AskAsync(nodes.B, session, "hello");
        nodes.Pair.Directory.Publish(nodes.Pair.Caller.Record(revoked: true));
        Assert.That((await nodes.SendAsync(nodes.A, session, session.Seal("revoked"))).Success, Is.False);
        Assert.That(await nodes.Memory.FindAsync(session.Kid), Is.Null);

        nodes.Pair.Directory.Publish(nodes.Pair.Caller);
        Assert.That((await nodes.SendAsync(nodes.B, session, session.Seal("with a copy"))).Success, Is.False);
        Assert.That(nodes.Delivered, Is.EqualTo(["hello"]));
    }

    [Test]
    public async Task A_recheck_ends_sessions_of_a_revoked_key_that_this_node_never_saw()
    {
        using TestNodes nodes = new();
        using TestAgent other = new();
        nodes.Pair.Directory.Publish(other);
        using OpenRecordSession session = await nodes.OpenAsync();
        using OpenRecordSession kept = await nodes.OpenAsync(other);
        await nodes.B.RecheckAsync(nodes.Pair.Caller.Did);
        Assert.That(await nodes.Memory.FindAsync(session.Kid), Is.Not.Null, "the key still counts");

        nodes.Pair.Directory.Publish(nodes.Pair.Caller.Record(revoked: true));
        nodes.Store.Failure = new IOException("down");
        await nodes.B.RecheckAsync(nodes.Pair.Caller.Did);
        nodes.Store.Failure = null;
        Assert.That(await nodes.Memory.FindAsync(session.Kid), Is.Not.Null, "the store was down");
        await nodes.B.RecheckAsync(nodes.Pair.Caller.Did);

        Assert.That(await nodes.Memory.FindAsync(session.Kid), Is.Null);
        Assert.That(await nodes.Memory.FindAsync(kept.Kid), Is.Not.Null);
        Assert.That((await nodes.SendAsync(nodes.A, session, session.Seal("late"))).Success, Is.False);
    }

    [Test]
    public async Task Expired_sessions_are_removed_from_the_store_in_the_background()
    {
        using TestNodes nodes = new(configure: options => (options.HandshakesPerSecondPerDid, options.CookieThreshold) = (10_000, 10_000));
        for (int i = 0; i < 700; i++)
        {
            using OpenRecordSession session = await nodes.OpenAsync();
        }

        Assert.That(nodes.Memory.Count, Is.EqualTo(700));
        nodes.Pair.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.That(() => nodes.Memory.Count, Is.Zero.After(10_000, 20));
        Assert.That(nodes.A.SessionCount, Is.Zero);
    }

    [Test]
    public async Task A_handle_that_no_session_can_have_does_not_reach_the_store()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        int asked = 0;
        nodes.Store.OnFound = found =>
        {
            asked++;
            return found;
        };
        System.Text.Json.Nodes.JsonObject envelope = session.Envelope(session.Seal("hello"));
        foreach (string kid in new[] { "kid 1", "kid-\u00e9", new string('k', 129), "" })
        {
            envelope["metadata"]!["kid"] = kid;
            Assert.That((await session.SendAsync(envelope)).Success, Is.False);
        }

        Assert.That(asked, Is.Zero);
    }

    // The caller's own limits must not keep it from sending.
    private static byte[] Forever(OpenRecordSession session)
    {
        using SessionState state = new() { Context = "c", PeerKey = session.Owner.Signer.PublicKey, Created = default, LastUsed = default };
        session.Cipher.TryCapture(state);
        session.Cipher.Reload(state, default);
        return session.Seal("too late");
    }
}
