using System.Text;
using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

/// <summary>What who reads, writes or puts back the store of sessions can do, and what a rotation of its key does.</summary>
[TestFixture]
internal sealed class SharedSessionSecrecyTests
{
    [Test]
    public async Task Nothing_of_a_session_is_readable_in_what_is_written()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        for (int i = 0; i < 20; i++)
        {
            await nodes.AskAsync(i % 2 == 0 ? nodes.A : nodes.B, session, "the secret offer");
        }

        byte[] secret = new byte[KeySchedule.KeySize];
        using SessionState known = new() { Context = "c", PeerKey = nodes.Pair.Caller.Signer.PublicKey, Created = default, LastUsed = default };
        Assert.That(session.Cipher.TryCapture(known), Is.True);
        known.RecordSecret.CopyTo(secret);
        IReadOnlyList<StoredSession> written = nodes.Store.Written;
        Assert.That(written, Has.Count.GreaterThanOrEqualTo(21));
        string[] forbidden = [Encoding.Latin1.GetString(secret), session.Context, Encoding.Latin1.GetString(known.PeerKey.Bytes), "the secret offer"];
        foreach (string state in written.Select(stored => Encoding.Latin1.GetString(stored.State.Span)))
        {
            Assert.That(forbidden.Where(state.Contains), Is.Empty);
        }

        Assert.That(written.Select(stored => Convert.ToHexString(stored.State.Span.Slice(17, 24))), Is.Unique, "nonces");
    }

    [Test]
    public async Task A_state_that_was_changed_or_moved_is_refused()
    {
        using TestNodes nodes = new();
        using OpenRecordSession first = await nodes.OpenAsync();
        using OpenRecordSession second = await nodes.OpenAsync();
        StoredSession other = (await nodes.Memory.FindAsync(second.Kid))!;
        Func<StoredSession, StoredSession>[] bends =
        [
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt, other.State.Span),
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version + 1, stored.ExpiresAt, stored.State.Span),
            stored => new StoredSession(stored.Id, nodes.Pair.Callee.Did, stored.Version, stored.ExpiresAt, stored.State.Span),
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt.AddMilliseconds(1), stored.State.Span),
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt, stored.State.Span[..^1]),
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt, new byte[1]),
            stored => new StoredSession(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt, new byte[StoredSession.MaxStateSize]),
            _ => other,
        ];
        byte[] record = first.Seal("hello");

        foreach (Func<StoredSession, StoredSession> bend in bends)
        {
            nodes.Store.OnFound = stored => bend(stored!);
            Assert.That((await nodes.SendAsync(nodes.B, first, record)).Success, Is.False);
        }

        nodes.Store.OnFound = null;
        Assert.That(nodes.Delivered, Is.Empty);
        first.Open(await nodes.SendAsync(nodes.B, first, record));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("state_rejected"));
    }

    [Test]
    public async Task A_state_is_of_no_use_to_another_agent_with_the_same_store_and_key()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        using TestAgent other = new();
        nodes.Pair.Directory.Publish(other);
        using SessionListener listener = new(
            other.Local, nodes.Pair.Directory, nodes.Pair.Nonces, nodes.Pair.Options, nodes.Pair.Time, nodes.Pair.Logs, null, nodes.Store, nodes.Keys);

        Assert.That((await nodes.SendAsync(listener, session, session.Seal("hello"))).Success, Is.False);
        Assert.That(nodes.Pair.Logs.All, Does.Contain("state_rejected"));
    }

    [Test]
    public async Task A_node_that_knows_the_session_notices_a_store_that_was_put_back()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        StoredSession old = (await nodes.Memory.FindAsync(session.Kid))!;
        byte[] used = session.Seal("once");
        session.Open(await nodes.SendAsync(nodes.A, session, used));
        await nodes.Memory.RemoveAsync(session.Kid);
        await nodes.Memory.TryAddAsync(old);

        Assert.That((await nodes.SendAsync(nodes.A, session, used)).Success, Is.False);
        Assert.That((await nodes.SendAsync(nodes.A, session, session.Seal("next"))).Success, Is.False);
        Assert.That(nodes.Delivered, Is.EqualTo(["once"]));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("went back from version 2 to 1"));
    }

    [Test]
    public async Task After_a_rotation_old_states_open_and_new_ones_are_under_the_new_key_without_a_restart()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        await nodes.AskAsync(nodes.A, session, "before");
        byte[] oldId = KeyIdOf(nodes);
        KeyId former = (await nodes.Keys.ListAsync())[0].KeyId;
        using PrivateKey next = PrivateKey.Generate(KeyAlgorithm.X25519);
        await nodes.Keys.RotateAsync(TestNodes.KeyName, next);

        // A node that starts now reads the old state and writes under the new key.
        SessionListener restarted = nodes.Start();
        await nodes.AskAsync(restarted, session, "started after the rotation");
        Assert.That(KeyIdOf(nodes), Is.Not.EqualTo(oldId));

        // The others learn of the key when they meet it.
        nodes.Pair.Time.Advance(TimeSpan.FromSeconds(1));
        await nodes.AskAsync(nodes.A, session, "with a copy");
        await nodes.AskAsync(nodes.B, session, "without a copy");

        await nodes.Keys.RemoveAsync(TestNodes.KeyName, former);
        nodes.Pair.Time.Advance(TimeSpan.FromMinutes(6));
        await nodes.AskAsync(nodes.A, session, "the former key is gone");
        Assert.That(nodes.Delivered, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task A_state_whose_key_is_gone_is_refused()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        using PrivateKey next = PrivateKey.Generate(KeyAlgorithm.X25519);
        await nodes.Keys.RotateAsync(TestNodes.KeyName, next);
        await nodes.Keys.RemoveAsync(TestNodes.KeyName, (await nodes.Keys.ListAsync()).Single(entry => !entry.IsCurrent).KeyId);

        Assert.That((await nodes.SendAsync(nodes.Start(), session, session.Seal("hello"))).Success, Is.False);
        Assert.That(nodes.Pair.Logs.All, Does.Contain("state_rejected"));
    }

    [Test]
    public async Task A_key_store_that_cannot_be_read_again_ends_no_session()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        await nodes.AskAsync(nodes.A, session, "before");
        nodes.Keys.Dispose();
        nodes.Pair.Time.Advance(TimeSpan.FromMinutes(6));

        await nodes.AskAsync(nodes.A, session, "after");
        Assert.That(nodes.Pair.Logs.All, Does.Contain("cannot be read again"));
    }

    [TestCase("missing")]
    [TestCase("ed25519")]
    [TestCase("agreement")]
    public async Task Without_a_key_of_its_own_nothing_is_kept_and_no_session_opened(string what)
    {
        using TestPair pair = new(configure: options => options.StateKey = "state");
        using MemoryKeyStore keys = new();
        byte[] agreement = new byte[32];
        pair.Callee.Local.KeyAgreementKey!.Export(agreement);
        using PrivateKey wrong = what == "agreement" ? PrivateKey.Import(KeyAlgorithm.X25519, agreement) : PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await keys.AddAsync(what == "missing" ? "other" : "state", wrong);
        TestSessionStore store = new(new Sage.Tests.Contracts.MemorySessionStore(pair.Time));
        pair.Listener = new SessionListener(pair.Callee.Local, pair.Directory, pair.Nonces, pair.Options, pair.Time, pair.Logs, null, store, keys);
        using Initiation initiation = pair.Initiation();

        Assert.That((await pair.SendAsync(initiation.ToBody())).Success, Is.False);
        Assert.That(store.Written, Is.Empty);
        Assert.That(pair.Logs.All, Does.Contain("'state'").And.Contain("StateKey"));
    }

    private static byte[] KeyIdOf(TestNodes nodes) => nodes.Store.Written[^1].State[1..17].ToArray();
}
