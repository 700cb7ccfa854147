using System.Text;
using Sage.Did;
using Sage.Session;

namespace Sage.Tests.Contracts;

/// <summary>What every <see cref="ISessionStore"/> owes its callers.</summary>
public abstract class SessionStoreContract
{
    private const int Threads = 32;

    private static readonly AgentDid Alice = AgentDid.Parse("did:example:alice");
    private static readonly AgentDid Bob = AgentDid.Parse("did:example:bob");

    /// <summary>How many versions the threads of the race compete for.</summary>
    protected virtual int RaceSize => 300;

    /// <summary>What the clock of the store shows.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>An empty store with room for so many sessions, and so many of one agent.</summary>
    protected abstract ISessionStore Create(int capacity = 1000, int capacityPerPeer = 1000);

    /// <summary>Another way to the same sessions, as a second process has it.</summary>
    protected abstract ISessionStore Connect(ISessionStore store);

    /// <summary>Moves the clock of the store.</summary>
    protected abstract void Advance(TimeSpan by);

    [Test]
    public async Task A_session_is_found_as_it_was_added_also_from_elsewhere()
    {
        ISessionStore store = Create();
        StoredSession session = Session("kid-1", expiresAt: Now.AddMinutes(10).ToOffset(TimeSpan.FromHours(9)));

        Assert.That(await store.TryAddAsync(session), Is.EqualTo(SessionStoreResult.Added));

        AssertSame(await store.FindAsync("kid-1"), session);
        AssertSame(await Connect(store).FindAsync("kid-1"), session);
        Assert.That(await store.FindAsync("kid-2"), Is.Null);
    }

    [Test]
    public async Task An_id_is_given_once_whoever_asks()
    {
        ISessionStore store = Create();
        StoredSession session = Session("kid-1");
        await store.TryAddAsync(session);

        Assert.That(await store.TryAddAsync(Session("kid-1", state: "other")), Is.EqualTo(SessionStoreResult.Duplicate));
        Assert.That(await Connect(store).TryAddAsync(Session("kid-1", Bob)), Is.EqualTo(SessionStoreResult.Duplicate));
        AssertSame(await store.FindAsync("kid-1"), session);
    }

    [Test]
    public async Task A_full_store_refuses_and_has_room_again_after_a_removal()
    {
        ISessionStore store = Create(capacity: 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(await store.TryAddAsync(Session($"kid-{i}", Peer(i))), Is.EqualTo(SessionStoreResult.Added));
        }

        Assert.That(await store.TryAddAsync(Session("kid-3", Peer(3))), Is.EqualTo(SessionStoreResult.Full));
        Assert.That(await store.FindAsync("kid-3"), Is.Null);
        Assert.That(await store.RemoveAsync("kid-1"), Is.True);
        Assert.That(await store.TryAddAsync(Session("kid-3", Peer(3))), Is.EqualTo(SessionStoreResult.Added));
        Assert.That(await store.TryAddAsync(Session("kid-4", Peer(4))), Is.EqualTo(SessionStoreResult.Full));
    }

    [Test]
    public async Task One_agent_gets_its_share_and_the_others_keep_theirs()
    {
        ISessionStore store = Create(capacity: 10, capacityPerPeer: 2);
        await store.TryAddAsync(Session("kid-1", Alice));
        await store.TryAddAsync(Session("kid-2", Alice));

        Assert.That(await store.TryAddAsync(Session("kid-3", Alice)), Is.EqualTo(SessionStoreResult.Full));
        Assert.That(await store.TryAddAsync(Session("kid-3", Bob)), Is.EqualTo(SessionStoreResult.Added));
        await store.RemoveAsync("kid-1");
        Assert.That(await store.TryAddAsync(Session("kid-4", Alice)), Is.EqualTo(SessionStoreResult.Added));
        Assert.That(await store.TryAddAsync(Session("kid-5", Alice)), Is.EqualTo(SessionStoreResult.Full));
    }

    [Test]
    public async Task Expired_sessions_take_no_room_and_their_ids_are_free()
    {
        ISessionStore store = Create(capacity: 4, capacityPerPeer: 2);
        await store.TryAddAsync(Session("kid-1", Alice, expiresAt: Now.AddMinutes(1)));
        await store.TryAddAsync(Session("kid-2", Alice, expiresAt: Now.AddMinutes(1)));
        await store.TryAddAsync(Session("kid-3", Bob, expiresAt: Now.AddMinutes(1)));
        await store.TryAddAsync(Session("kid-4", Bob, expiresAt: Now.AddMinutes(9)));
        Advance(TimeSpan.FromMinutes(2));

        Assert.That(await store.TryAddAsync(Session("kid-1", Alice, state: "new")), Is.EqualTo(SessionStoreResult.Added));
        Assert.That(await store.TryAddAsync(Session("kid-5", Alice)), Is.EqualTo(SessionStoreResult.Added));
        Assert.That(await store.TryAddAsync(Session("kid-6", Alice)), Is.EqualTo(SessionStoreResult.Full));
        AssertSame(await store.FindAsync("kid-1"), Session("kid-1", Alice, state: "new"));
        Assert.That(await store.TryAddAsync(Session("kid-7", Bob)), Is.EqualTo(SessionStoreResult.Added));
        Assert.That(await store.TryAddAsync(Session("kid-8", Peer(1))), Is.EqualTo(SessionStoreResult.Full));
    }

    [Test]
    public async Task An_expired_session_is_not_there()
    {
        ISessionStore store = Create();
        await store.TryAddAsync(Session("kid-1", expiresAt: Now.AddMinutes(1)));

        Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.That(await store.FindAsync("kid-1"), Is.Not.Null);

        Advance(TimeSpan.FromSeconds(2));
        Assert.That(await store.FindAsync("kid-1"), Is.Null);
        Assert.That(await store.FindByPeerAsync(Alice), Is.Empty);
        Assert.That(await store.TryUpdateAsync(Session("kid-1", version: 2)), Is.False);
        Assert.That(await store.FindAsync("kid-1"), Is.Null, "an update must not bring it back");
        Assert.That(await store.RemoveAsync("kid-1"), Is.False);
    }

    [Test]
    public async Task An_update_replaces_the_version_before_it_and_no_other()
    {
        ISessionStore store = Create();
        await store.TryAddAsync(Session("kid-1"));
        StoredSession second = Session("kid-1", version: 2, state: "second", expiresAt: Now.AddMinutes(20));

        Assert.That(await store.TryUpdateAsync(Session("kid-1", version: 1)), Is.False, "the version that is kept");
        Assert.That(await store.TryUpdateAsync(Session("kid-1", version: 3)), Is.False, "one too far");
        Assert.That(await store.TryUpdateAsync(Session("kid-2", version: 2)), Is.False, "no such session");
        Assert.That(await store.FindAsync("kid-2"), Is.Null);
        Assert.That(await Connect(store).TryUpdateAsync(second), Is.True);
        AssertSame(await store.FindAsync("kid-1"), second);
        Assert.That(await store.TryUpdateAsync(second), Is.False, "a second time");
        Assert.That(await store.TryUpdateAsync(Session("kid-1", version: long.MaxValue)), Is.False);
        AssertSame(await store.FindAsync("kid-1"), second);
    }

    [Test]
    public async Task An_update_moves_the_end()
    {
        ISessionStore store = Create();
        await store.TryAddAsync(Session("kid-1", expiresAt: Now.AddMinutes(1)));
        await store.TryUpdateAsync(Session("kid-1", version: 2, expiresAt: Now.AddMinutes(5)));
        await store.TryAddAsync(Session("kid-2", expiresAt: Now.AddMinutes(5)));
        await store.TryUpdateAsync(Session("kid-2", version: 2, expiresAt: Now.AddMinutes(1)));

        Advance(TimeSpan.FromMinutes(2));

        Assert.That(await store.FindByPeerAsync(Alice), Is.EqualTo(["kid-1"]));
        Assert.That(await store.RemoveExpiredAsync(10), Is.EqualTo(1));
        Assert.That(await store.FindAsync("kid-1"), Is.Not.Null);
        Assert.That(await store.FindAsync("kid-2"), Is.Null);
    }

    [Test]
    public async Task A_removed_session_is_gone_everywhere_and_cannot_be_updated()
    {
        ISessionStore store = Create();
        await store.TryAddAsync(Session("kid-1"));
        await store.TryAddAsync(Session("kid-2"));

        Assert.That(await Connect(store).RemoveAsync("kid-1"), Is.True);
        Assert.That(await store.RemoveAsync("kid-1"), Is.False);
        Assert.That(await store.FindAsync("kid-1"), Is.Null);
        Assert.That(await store.TryUpdateAsync(Session("kid-1", version: 2)), Is.False);
        Assert.That(await store.FindByPeerAsync(Alice), Is.EqualTo(["kid-2"]));
    }

    [Test]
    public async Task The_sessions_of_one_agent_are_found_and_no_others()
    {
        ISessionStore store = Create();
        for (int i = 0; i < 30; i++)
        {
            await store.TryAddAsync(Session($"kid-{i}", Peer(i % 3)));
        }

        IReadOnlyList<string> found = await store.FindByPeerAsync(Peer(1));

        Assert.That(found, Is.EquivalentTo(Enumerable.Range(0, 10).Select(i => $"kid-{(3 * i) + 1}")));
        Assert.That(await store.FindByPeerAsync(Bob), Is.Empty);
    }

    [Test]
    public async Task Ids_and_agents_are_compared_character_by_character()
    {
        ISessionStore store = Create();
        string[] ids = ["kid", "KID", "kid%", "k_d", "kid'", "kid\"", "kid\\", "kid;--", "!", "~", "{\"a\":1}", new string('k', 128), new string('k', 127)];
        AgentDid[] peers =
        [
            .. new[] { "did:a:b", "did:a:B", "did:a:B:b", "did:a::b", "did:a:b%20", "did:a:%C3%A9", "did:a:%c3%a9", "did:a:~_.-", "did:a:_" }.Select(AgentDid.Parse),
            AgentDid.Parse("did:a:" + new string('x', 250)),
            AgentDid.Parse("did:a:" + new string('x', 249)),
        ];
        foreach (string id in ids)
        {
            Assert.That(await store.TryAddAsync(Session(id, state: "of " + id)), Is.EqualTo(SessionStoreResult.Added), id);
        }

        for (int i = 0; i < peers.Length; i++)
        {
            Assert.That(await store.TryAddAsync(Session($"kid-{i}", peers[i])), Is.EqualTo(SessionStoreResult.Added), peers[i].Value);
        }

        foreach (string id in ids)
        {
            AssertSame(await store.FindAsync(id), Session(id, state: "of " + id));
        }

        for (int i = 0; i < peers.Length; i++)
        {
            Assert.That(await store.FindByPeerAsync(peers[i]), Is.EqualTo([$"kid-{i}"]), peers[i].Value);
            Assert.That((await store.FindAsync($"kid-{i}"))!.Peer, Is.EqualTo(peers[i]));
        }
    }

    [TestCase(1)]
    [TestCase(1024)]
    [TestCase(StoredSession.MaxStateSize)]
    public async Task A_state_is_kept_byte_by_byte(int size)
    {
        ISessionStore store = Create();
        byte[] state = [.. Enumerable.Range(0, size).Select(i => (byte)(255 - i))];
        await store.TryAddAsync(new StoredSession("kid-1", Alice, 1, Now.AddMinutes(1), state));
        await store.TryUpdateAsync(new StoredSession("kid-1", Alice, 2, Now.AddMinutes(1), [.. state.Reverse()]));

        Assert.That((await store.FindAsync("kid-1"))!.State.ToArray(), Is.EqualTo(state.Reverse()));
    }

    [Test]
    public async Task Expired_sessions_are_removed_a_batch_at_a_time()
    {
        ISessionStore store = Create();
        foreach (int minute in new[] { 5, 1, 4, 2, 3 })
        {
            await store.TryAddAsync(Session($"kid-{minute}", expiresAt: Now.AddMinutes(minute)));
        }

        Assert.That(await store.RemoveExpiredAsync(10), Is.Zero);
        Advance(TimeSpan.FromMinutes(4.5));
        Assert.That(await store.RemoveExpiredAsync(3), Is.EqualTo(3));
        Assert.That(await store.RemoveExpiredAsync(3), Is.EqualTo(1));
        Assert.That(await store.RemoveExpiredAsync(3), Is.Zero);
        Assert.That(await store.FindByPeerAsync(Alice), Is.EqualTo(["kid-5"]));
    }

    [Test]
    public async Task Of_many_threads_that_add_one_id_one_succeeds()
    {
        ISessionStore store = Create();
        ISessionStore[] ways = [store, Connect(store)];
        int[] results = new int[3];

        Run(thread =>
        {
            SessionStoreResult result = Wait(ways[thread % 2].TryAddAsync(Session("kid-1", Peer(thread), state: $"{thread}")));
            Interlocked.Increment(ref results[(int)result]);
        });

        Assert.That(results[(int)SessionStoreResult.Added], Is.EqualTo(1));
        Assert.That(results[(int)SessionStoreResult.Duplicate], Is.EqualTo(Threads - 1));
        StoredSession kept = (await store.FindAsync("kid-1"))!;
        Assert.That(await store.FindByPeerAsync(kept.Peer), Is.EqualTo(["kid-1"]));
    }

    [Test]
    public async Task Every_version_has_exactly_one_writer()
    {
        int size = RaceSize;
        ISessionStore store = Create();
        ISessionStore[] ways = [store, Connect(store)];
        await store.TryAddAsync(Session("kid-1"));
        int[] winners = new int[size + 1];
        string[] written = new string[size + 1];

        Run(thread =>
        {
            ISessionStore way = ways[thread % 2];
            for (long version = 1; version < size;)
            {
                version = Wait(way.FindAsync("kid-1"))!.Version;
                string state = $"{thread} wrote {version + 1}";
                if (version < size && Wait(way.TryUpdateAsync(Session("kid-1", version: version + 1, state: state))))
                {
                    Interlocked.Increment(ref winners[version + 1]);
                    written[version + 1] = state;
                }
            }
        });

        Assert.That(winners[2..], Is.All.EqualTo(1));
        AssertSame(await store.FindAsync("kid-1"), Session("kid-1", version: size, state: written[size]));
    }

    [Test]
    public void Missing_arguments_are_misuse()
    {
        ISessionStore store = Create();

        Assert.That(async () => await store.TryAddAsync(null!), Throws.ArgumentNullException);
        Assert.That(async () => await store.TryUpdateAsync(null!), Throws.ArgumentNullException);
        Assert.That(async () => await store.FindAsync(null!), Throws.ArgumentNullException);
        Assert.That(async () => await store.RemoveAsync(null!), Throws.ArgumentNullException);
        Assert.That(async () => await store.RemoveExpiredAsync(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task An_id_that_no_session_can_have_is_not_found()
    {
        ISessionStore store = Create();
        await store.TryAddAsync(Session("kid-1"));

        foreach (string id in new[] { "", " ", "kid-1 ", "kid-1\0", "kid-\u0661", "\ud800", new string('k', 100_000) })
        {
            Assert.That(await store.FindAsync(id), Is.Null);
            Assert.That(await store.RemoveAsync(id), Is.False);
        }
    }

    [Test]
    public void A_cancelled_call_throws()
    {
        ISessionStore store = Create();
        CancellationToken cancelled = new(canceled: true);

        Assert.That(async () => await store.TryAddAsync(Session("kid-1"), cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.FindAsync("kid-1", cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.TryUpdateAsync(Session("kid-1", version: 2), cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.RemoveAsync("kid-1", cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.FindByPeerAsync(Alice, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await store.RemoveExpiredAsync(1, cancelled), Throws.InstanceOf<OperationCanceledException>());
    }

    private static AgentDid Peer(int number) => AgentDid.Parse($"did:example:peer-{number}");

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Run(Action<int> action)
    {
        using Barrier start = new(Threads);
        List<Exception> failures = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                action(number);
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.That(failures, Is.Empty);
    }

    private static void AssertSame(StoredSession? found, StoredSession expected)
    {
        Assert.That(found, Is.Not.Null);
        Assert.That(found!.Id, Is.EqualTo(expected.Id));
        Assert.That(found.Peer, Is.EqualTo(expected.Peer));
        Assert.That(found.Version, Is.EqualTo(expected.Version));
        Assert.That(found.ExpiresAt, Is.EqualTo(expected.ExpiresAt));
        Assert.That(found.State.ToArray(), Is.EqualTo(expected.State.ToArray()));
    }

    private StoredSession Session(string id, AgentDid? peer = null, long version = 1, string state = "state", DateTimeOffset? expiresAt = null) =>
        new(id, peer ?? Alice, version, expiresAt ?? Now.AddMinutes(10), Encoding.UTF8.GetBytes(state));
}
