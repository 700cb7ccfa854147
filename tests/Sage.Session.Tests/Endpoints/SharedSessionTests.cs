using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Two nodes that answer for one agent from one store of sessions.</summary>
[TestFixture]
internal sealed class SharedSessionTests
{
    [TestCase("ed25519")]
    [TestCase("secp256k1")]
    public async Task A_session_opened_on_one_node_goes_on_at_another_and_back(string algorithm)
    {
        using TestNodes nodes = new(algorithm == "ed25519" ? KeyAlgorithm.Ed25519 : KeyAlgorithm.Secp256k1);
        using OpenRecordSession session = await nodes.OpenAsync();
        List<ulong> numbers = [];

        foreach (SessionListener node in new[] { nodes.A, nodes.B, nodes.B, nodes.A, nodes.A, nodes.B })
        {
            numbers.Add(await nodes.AskAsync(node, session, "hello"));
        }

        Assert.That(numbers, Is.EqualTo(new ulong[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public async Task A_client_does_not_notice_which_node_answers()
    {
        using TestNodes nodes = new();
        Alternating transport = new(new LoopTransport(nodes.A, TestPair.Echo), new LoopTransport(nodes.B, TestPair.Echo));
        SessionClient client = new(nodes.Pair.Caller.Local, nodes.Pair.Directory, transport, nodes.Pair.Options, nodes.Pair.Time);
        await using AgentSession session = await client.OpenAsync(nodes.Pair.Callee.Did);

        // More than a session carries, so that it is also renewed on the way.
        for (int i = 0; i < 600; i++)
        {
            Assert.That(await TestPair.AskAsync(session, $"{i}"), Is.EqualTo($"echo:{i}"));
        }
    }

    [Test]
    public async Task A_record_is_opened_once_however_many_threads_bring_it_to_both_nodes()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        for (int round = 0; round < 20; round++)
        {
            byte[] record = session.Seal($"message {round}");
            WireResponse[] answers = await Task.WhenAll(
                Enumerable.Range(0, 32).Select(i => Task.Run(() => nodes.SendAsync(i % 2 == 0 ? nodes.A : nodes.B, session, record))));

            Assert.That(answers.Count(answer => answer.Success), Is.EqualTo(1));
        }

        Assert.That(nodes.Delivered, Is.EqualTo(Enumerable.Range(0, 20).Select(round => $"message {round}")));
    }

    [Test]
    public async Task Records_in_flight_at_both_nodes_get_different_numbers_and_none_is_delivered_twice()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        byte[][] records = [.. Enumerable.Range(0, 200).Select(i => session.Seal($"{i}"))];

        WireResponse[] answers = await Task.WhenAll(records.Select((record, i) => Task.Run(() => nodes.SendAsync(i % 2 == 0 ? nodes.A : nodes.B, session, record))));

        WireResponse[] accepted = [.. answers.Where(answer => answer.Success)];
        Assert.That(accepted, Has.Length.GreaterThan(10));
        Assert.That(accepted.Select(TestNodes.NumberOf), Is.Unique);
        Assert.That(nodes.Delivered, Is.Unique);
        Assert.That(nodes.Delivered, Has.Count.EqualTo(accepted.Length));
    }

    [Test]
    public async Task After_a_restart_a_session_goes_on_and_an_old_record_is_refused()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        byte[] record = session.Seal("pay");
        session.Open(await nodes.SendAsync(nodes.A, session, record));
        nodes.A.Dispose();
        nodes.B.Dispose();
        SessionListener restarted = nodes.Start();

        Assert.That((await nodes.SendAsync(restarted, session, record)).Success, Is.False);
        Assert.That(await nodes.AskAsync(restarted, session, "go on"), Is.EqualTo(1));
        Assert.That(nodes.Delivered, Is.EqualTo(["pay", "go on"]));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("replayed"));
    }

    [Test]
    public async Task A_node_that_dies_between_the_write_and_the_reply_has_spent_a_number_and_used_none_twice()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        byte[] record = session.Seal("lost");
        nodes.Store.FailureAfterUpdate = new IOException("the process is gone");
        Assert.That((await nodes.SendAsync(nodes.A, session, record)).Success, Is.False);
        nodes.Store.FailureAfterUpdate = null;

        // A is not stopped, it is never heard of again.
        Assert.That((await nodes.SendAsync(nodes.B, session, record)).Success, Is.False, "the record is used");
        Assert.That(await nodes.AskAsync(nodes.B, session, "next"), Is.EqualTo(1), "number 0 is spent");
        Assert.That(nodes.Delivered, Is.EqualTo(["next"]));
    }

    [Test]
    public async Task A_node_that_is_still_at_work_answers_under_the_number_it_has_reserved()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        TaskCompletionSource atWork = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<WireResponse> slow = nodes.SendAsync(nodes.A, session, session.Seal("slow"), async (message, token) =>
        {
            atWork.SetResult();
            await finish.Task;
            return await TestPair.Echo(message, token);
        });
        await atWork.Task;

        Assert.That(await nodes.AskAsync(nodes.B, session, "one"), Is.EqualTo(1));
        Assert.That(await nodes.AskAsync(nodes.A, session, "two"), Is.EqualTo(2));
        finish.SetResult();
        WireResponse answer = await slow;
        Assert.That(TestNodes.NumberOf(answer), Is.Zero);
        Assert.That(session.Open(answer), Is.EqualTo("echo:slow"));
    }

    [Test]
    public async Task While_the_store_is_down_nothing_is_delivered_and_afterwards_everything_goes_on()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        await nodes.AskAsync(nodes.A, session, "before");
        byte[] record = session.Seal("during");
        nodes.Store.Failure = new IOException("no route to the database");

        Assert.That((await nodes.SendAsync(nodes.A, session, record)).Success, Is.False, "with a copy");
        Assert.That((await nodes.SendAsync(nodes.B, session, record)).Success, Is.False, "without one");
        using Initiation initiation = nodes.Pair.Initiation();
        Assert.That((await nodes.Pair.SendAsync(initiation.ToBody())).Success, Is.False, "a handshake");
        Assert.That(nodes.Delivered, Is.EqualTo(["before"]));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("no route to the database").And.Contain("store_failed"));

        nodes.Store.Failure = null;
        session.Open(await nodes.SendAsync(nodes.B, session, record));
        await nodes.AskAsync(nodes.A, session, "after");
        Assert.That(nodes.Delivered, Is.EqualTo(["before", "during", "after"]));
    }

    [Test]
    public async Task Who_loses_the_store_again_and_again_is_refused()
    {
        using TestNodes nodes = new();
        using OpenRecordSession session = await nodes.OpenAsync();
        int turns = 0;
        nodes.Store.OnUpdate = LoseAsync;

        async Task LoseAsync(StoredSession stored)
        {
            // The other node is faster every time.
            Assert.That(++turns, Is.LessThan(20), "bounded");
            nodes.Store.OnUpdate = null;
            await nodes.AskAsync(nodes.B, session, $"other {turns}");
            nodes.Store.OnUpdate = LoseAsync;
        }

        WireResponse answer = await nodes.SendAsync(nodes.A, session, session.Seal("unlucky"));

        Assert.That(answer.Success, Is.False);
        Assert.That(nodes.Delivered, Has.No.Member("unlucky"));
        Assert.That(nodes.Pair.Logs.All, Does.Contain("store_conflict"));
        nodes.Store.OnUpdate = null;
        await nodes.AskAsync(nodes.A, session, "calm");
    }

    private sealed class Alternating(params LoopTransport[] transports) : ISessionTransport
    {
        private int next;

        public ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default) =>
            transports[next++ % transports.Length].SendAsync(baseUrl, message, cancellationToken);
    }
}
